// The load generator, a process of its own: encodes first, then waits for the word, then sends and adds up what was acknowledged.
import { childArgument } from "../measure/child.ts";
import { gzipSync } from "node:zlib";
import { createDeliverer } from "./deliver.ts";
import { createLoad } from "./create-load.ts";
import { addTotals, noTotals } from "./expected-totals.ts";
import type { Totals } from "./expected-totals.ts";

export interface SendLoadRequest {
  url: string;
  spans: number;
  spansPerRequest: number;
  connections: number;
  withContent: boolean;
  /** The compression of the bodies. Costs the generator CPU of its own. */
  gzip: boolean;
}

export interface SendLoadReady {
  /** Size of an average span on the wire, before compression. */
  bytesPerSpan: number;
  /** What will be sent: `spans` rounded up to whole runs. */
  spans: number;
}

export interface SendLoadDone {
  totals: Totals;
  seconds: number;
  cpuMs: number;
  requests: number;
  /** Attempts beyond the first of a request. */
  resent: number;
}

/** Texts come again after this many groups of requests. */
const GROUPS = 4;

const { url, spans, spansPerRequest, connections, withContent, gzip } = childArgument() as SendLoadRequest;
const loads = Array.from({ length: GROUPS }, (_, index) =>
  createLoad({ requests: connections, spansPerRequest, withContent, seed: index + 1 }),
);
const rounds = Math.ceil(spans / (connections * spansPerRequest));
const bodies = loads.flatMap(({ templates }) => templates.map(({ request }) => request.bytes.length));
const ready: SendLoadReady = {
  bytesPerSpan: bodies.reduce((sum, length) => sum + length, 0) / (bodies.length * spansPerRequest),
  spans: rounds * connections * spansPerRequest,
};
process.send?.(ready);
await new Promise((resolve) => process.once("message", resolve));

const deliverer = createDeliverer({ url, connections, ...(gzip ? { headers: { "content-encoding": "gzip" } } : {}) });
const epochMs = Date.now() - 3_700_000;
let totals = noTotals;
let resent = 0;

/** One connection always sends the same place of each group, so that no template is stamped while it is on its way. */
async function sendOn(connection: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const template = loads[round % GROUPS]?.templates[connection];
    if (template === undefined) throw new Error(`There is no template for connection ${connection}.`);
    template.request.stamp(round + 1, epochMs + round);
    const body = gzip ? gzipSync(template.request.bytes, { level: 1 }) : template.request.bytes;
    resent += (await deliverer.deliver(body)) - 1;
    totals = addTotals(totals, template.totals);
  }
}

const cpuBefore = process.cpuUsage();
const begun = performance.now();
await Promise.all(Array.from({ length: connections }, (_, index) => sendOn(index)));
const seconds = (performance.now() - begun) / 1000;
const cpu = process.cpuUsage(cpuBefore);
deliverer.close();
const done: SendLoadDone = {
  totals,
  seconds,
  cpuMs: (cpu.user + cpu.system) / 1000,
  requests: rounds * connections,
  resent,
};
process.send?.(done, () => process.disconnect());
