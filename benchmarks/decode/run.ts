// What it costs to turn OTLP requests into the bytes of a ClickHouse block, in one thread. Prints microseconds of CPU a span, least and median
// of the rounds, for decoding alone and for the whole way. Run it with `node --conditions=runreel-source benchmarks/decode/run.ts`.
import { createBlockBuilder } from "../../packages/collector/src/build-block.ts";
import { decodeTraces } from "../../packages/collector/src/decode/otlp-protobuf.ts";
import { defaultDecodeLimits } from "../../packages/collector/src/decode/limits.ts";
import { SpanBatch } from "../../packages/collector/src/model/span-batch.ts";
import { SeenSpans } from "../../packages/collector/src/rollup/seen-spans.ts";
import { createRequests } from "./requests.ts";

const ROUNDS = 9;
const LOAD = { requests: 40, spansPerRequest: 512 };

for (const withContent of [true, false]) {
  const bodies = createRequests({ ...LOAD, withContent });
  const spans = LOAD.requests * LOAD.spansPerRequest;
  const bytes = bodies.reduce((sum, body) => sum + body.length, 0);
  const batch = new SpanBatch();
  const decode = measure(spans, () => {
    for (const body of bodies) decodeTraces(body, defaultDecodeLimits, batch);
  });
  // A collector uses one builder for block after block. The window is so short that the spans of the round before are forgotten.
  const builder = createBlockBuilder({ seen: new SeenSpans(1024) });
  const build = measure(spans, () => {
    for (const body of bodies) {
      builder.add({ project: "default", encoding: "protobuf", compression: "none", body }, Date.now());
    }
    builder.finish("benchmark-1");
  });
  console.log(`${(bytes / spans / 1000).toFixed(2)} KB a span: decode ${decode}, decode to block ${build}`);
}

function measure(spans: number, round: () => void): string {
  const microseconds: number[] = [];
  for (let count = 0; count < ROUNDS; count++) {
    const before = process.cpuUsage();
    round();
    const { user, system } = process.cpuUsage(before);
    microseconds.push((user + system) / spans);
  }
  microseconds.sort((a, b) => a - b);
  return `${microseconds[0]!.toFixed(2)} us (median ${microseconds[ROUNDS >> 1]!.toFixed(2)})`;
}
