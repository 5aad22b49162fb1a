// The load generator, a process of its own: encodes first, then waits for the word, then sends and adds up what was acknowledged.
import { childArgument } from "../measure/child.ts";
import { gzipSync } from "node:zlib";
import { createDeliverer } from "./deliver.ts";
import { createLoad } from "./create-load.ts";
import type { Load } from "./create-load.ts";
import { addTotals, noTotals } from "./expected-totals.ts";
import type { Totals } from "./expected-totals.ts";

export interface SendLoadRequest {
  url: string;
  spans: number;
  spansPerRequest: number;
  connections: number;
  withContent: boolean;
  /** Bodies are compressed before the word is given: it costs more than what the collector does with them. */
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
const epochMs = Date.now() - 3_700_000;
const zipped = gzip ? zipAll() : undefined;
const ready: SendLoadReady = {
  bytesPerSpan: bodies.reduce((sum, length) => sum + length, 0) / (bodies.length * spansPerRequest),
  spans: rounds * connections * spansPerRequest,
};
process.send?.(ready);
await new Promise((resolve) => process.once("message", resolve));

const deliverer = createDeliverer({ url, connections, ...(gzip ? { headers: { "content-encoding": "gzip" } } : {}) });
let totals = noTotals;
let resent = 0;

/** One connection always sends the same place of each group, so that no template is stamped while it is on its way. */
async function sendOn(connection: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const body = zipped?.[connection]?.[round] ?? stamped(connection, round);
    resent += (await deliverer.deliver(body)) - 1;
    totals = addTotals(totals, templateOf(connection, round).totals);
  }
}

function templateOf(connection: number, round: number): Load["templates"][number] {
  const template = loads[round % GROUPS]?.templates[connection];
  if (template === undefined) throw new Error(`There is no template for connection ${connection}.`);
  return template;
}

function stamped(connection: number, round: number): Buffer {
  const { request } = templateOf(connection, round);
  request.stamp(round + 1, epochMs + round);
  return request.bytes;
}

function zipAll(): Buffer[][] {
  const zipRound = (connection: number, round: number): Buffer => gzipSync(stamped(connection, round), { level: 1 });
  return Array.from({ length: connections }, (_, connection) =>
    Array.from({ length: rounds }, (_, round) => zipRound(connection, round)),
  );
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
