// Swallows whatever is sent to it in a process of its own. Reads it only when it is asked, so that it takes no time from who is measured.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mergeSpans, readSpans, unpack } from "./read-spans.ts";
import type { Body, SentSpan } from "./read-spans.ts";

/** What arrived since the sink was last emptied (`DELETE /`). Read with `GET /counts`. */
export interface SinkCounts {
  requests: number;
  wireBytes: number;
  /** Finished spans, each counted once; checkpoints not. */
  spans: number;
  startRecords: number;
  carriers: number;
  checkpoints: number;
}

let bodies: Body[] = [];

/** What LangSmith's service says of itself to its clients. */
const LANGSMITH_INFO = {
  version: "0.12.0",
  batch_ingest_config: { use_multipart_endpoint: true, size_limit: 100, size_limit_bytes: 20 * 1024 * 1024 },
  instance_flags: { gzip_body_enabled: true, zstd_compression_enabled: true },
};

/** Not a carrier of content, nor what a process says of itself. */
const isOfRun = ({ name }: SentSpan): boolean => name !== "runreel.content" && name !== "runreel.process";

async function pieces(): Promise<SentSpan[]> {
  return (await Promise.all(bodies.map(readSpans))).flat();
}

async function count(): Promise<SinkCounts> {
  const all = await pieces();
  const sent = all.filter(isOfRun);
  const ended = mergeSpans(sent);
  return {
    requests: bodies.length,
    wireBytes: bodies.reduce((sum, { bytes }) => sum + bytes.length, 0),
    spans: ended.filter(({ name }) => name !== "checkpoint").length,
    startRecords: sent.filter(({ isEnded }) => !isEnded).length,
    carriers: all.length - sent.length,
    checkpoints: ended.filter(({ name }) => name === "checkpoint").length,
  };
}

/** Those of the texts that stand in nothing that arrived. */
function missing(texts: readonly string[]): string[] {
  const unpacked = bodies.map(unpack);
  return texts.filter((text) => !unpacked.some((body) => body.includes(text)));
}

const questions: Record<string, (body: Buffer) => unknown> = {
  "GET /counts": count,
  "GET /spans": async () => mergeSpans(await pieces()).filter(isOfRun),
  "POST /missing": (body) => missing(JSON.parse(body.toString()) as string[]),
  "GET /info": () => LANGSMITH_INFO,
  "DELETE /": () => void (bodies = []),
};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const bytes = Buffer.concat(chunks);
    const answer = questions[`${request.method} ${request.url}`];
    if (answer !== undefined) {
      void Promise.resolve(answer(bytes)).then((value) => response.end(JSON.stringify(value ?? null)));
      return;
    }
    const type = request.headers["content-type"] ?? "";
    if (bytes.length > 0) bodies.push({ type, encoding: request.headers["content-encoding"], bytes });
    const isJson = !type.startsWith("application/x-protobuf");
    const headers = { "content-type": isJson ? "application/json" : type, "accept-encoding": "gzip, zstd" };
    response.writeHead(200, headers).end(isJson ? "{}" : "");
  });
});
// Reading what came takes a while, in which nobody's connection shall be closed.
server.keepAliveTimeout = 600_000;
server.listen(0, "127.0.0.1", () =>
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
);
process.on("disconnect", () => process.exit(0));
