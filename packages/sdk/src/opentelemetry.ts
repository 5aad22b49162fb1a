/** What a program gives to its own OpenTelemetry, so that Runreel records its spans too. */
import { globalState } from "./global-state.ts";
import { hostListener } from "./host-listener.ts";
import type { HostSpanListener } from "./join/host.ts";

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
