// What most tests of the recording begin and end with.
import { shutdown } from "@runreel/sdk";
import { afterEach, beforeEach } from "vitest";

import { createOtlpSink } from "./otlp-sink.ts";
import type { OtlpSink } from "./otlp-sink.ts";

/** Hands each test of the file a sink of its own. After it the SDK is shut down, then the sink. */
export function sinkOfEachTest(give: (sink: OtlpSink) => void): void {
  let sink: OtlpSink;
  beforeEach(async () => {
    sink = await createOtlpSink();
    give(sink);
  });
  afterEach(async () => {
    await shutdown();
    await sink[Symbol.asyncDispose]();
  });
}
