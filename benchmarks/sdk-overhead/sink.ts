// Swallows OTLP in a process of its own and counts: bytes as they came over the wire, and spans by what they are.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { protobufFields, spansOf } from "../measure/protobuf-fields.ts";

/** What arrived since the sink was last emptied (`DELETE /`). Read with `GET /`. */
export interface SinkCounts {
  requests: number;
  wireBytes: number;
  /** Finished spans, each counted once. */
  spans: number;
  startRecords: number;
  carriers: number;
  checkpoints: number;
}

const finished = new Set<string>();
const none = (): SinkCounts => ({ requests: 0, wireBytes: 0, spans: 0, startRecords: 0, carriers: 0, checkpoints: 0 });
let counts = none();

function count(request: Buffer): void {
  for (const { start, end } of spansOf(request)) {
    let [id, name, ended] = ["", "", false];
    for (const field of protobufFields(request, start, end)) {
      if (field.number === 2) id = request.toString("latin1", field.start, field.end);
      else if (field.number === 5) name = request.toString("utf8", field.start, field.end);
      else if (field.number === 8) ended = request.readBigUInt64LE(field.start) > 0n;
    }
    if (name === "runreel.content" || name === "runreel.process") counts.carriers++;
    else if (!ended) counts.startRecords++;
    else if (name === "checkpoint") counts.checkpoints++;
    else finished.add(id);
  }
}

function decompressed(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === "gzip") return gunzipSync(body);
  return encoding === "zstd" ? zstdDecompressSync(body) : body;
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    if (request.method === "GET") return response.end(JSON.stringify({ ...counts, spans: finished.size }));
    if (request.method === "DELETE") {
      finished.clear();
      counts = none();
      return response.end();
    }
    const body = Buffer.concat(chunks);
    counts.requests++;
    counts.wireBytes += body.length;
    count(decompressed(body, request.headers["content-encoding"]));
    return response.writeHead(200, { "content-type": "application/x-protobuf", "accept-encoding": "gzip, zstd" }).end();
  });
});
server.listen(0, "127.0.0.1", () =>
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
);
process.on("disconnect", () => process.exit(0));
