/** What a program gives to its own OpenTelemetry, and to libraries that trace themselves, so that Runreel records their spans too. */
import type { Tracer } from "@opentelemetry/api";

import { globalState } from "./global-state.ts";
import { hostListener } from "./host-listener.ts";
import type { HostSpanListener } from "./join/host.ts";
import { ProgramTracer } from "./program-tracer.ts";
import { RunreelReplayError } from "./replay/replay-error.ts";

/**
 * A span processor for the program's own tracer provider (`spanProcessors` of its constructor or of `NodeSDK`). It records the provider's
 * spans that happen inside a run, in the tree of the run, and changes nothing for the provider's other processors.
 *
 * It may be made before `start()`, and must be where `start({ provider })` is to join a provider of OpenTelemetry 2 or newer.
 */
export function runreelSpanProcessor(): HostSpanListener {
  globalState().hasSpanProcessor = true;
  return hostListener();
}

/**
 * A tracer for a library that traces itself, such as Vercel's AI SDK. Its spans are recorded in the tree of the run they happen in, with
 * their content as `start({ content })` says and without secrets, and go nowhere else; what it traces outside any run becomes a run.
 *
 * It may be made before `start()`.
 *
 * @param name of the library, as its spans are to tell it
 * @throws RunreelReplayError in a replay: a tracer hears of model calls and tools, and cannot hand back what was recorded of them
 */
export function runreelTracer(name = "program"): Tracer {
  if (process.env["RUNREEL_REPLAY"] !== undefined) {
    throw new RunreelReplayError(
      "RUNREEL_REPLAY_FAILED",
      "a program that records through runreelTracer() cannot be replayed: its model calls and tools would run again. " +
        "Record them with inference() and tool() of @runreel/sdk instead, which hand back what was recorded",
    );
  }
  return new ProgramTracer(name);
}
