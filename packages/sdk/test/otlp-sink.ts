import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync, zstdDecompressSync } from "node:zlib";

import { decodeContent } from "@runreel/content";
import type { Blob } from "@runreel/content";

import { readSpans } from "./otlp-reader.ts";
import type { ReceivedSpan } from "./otlp-reader.ts";

export interface ReceivedRequest {
  bytes: number;
  /** Uncompressed. */
  body: Buffer;
  headers: Record<string, string | string[] | undefined>;
  spans: ReceivedSpan[];
}

/** An endpoint that keeps what it is sent, and answers as told. */
export interface OtlpSink extends AsyncDisposable {
  readonly endpoint: string;
  /** The requests that were acknowledged, in order. */
  readonly requests: ReceivedRequest[];
  /** How requests are answered from now on: the status, after a while. */
  answer: { status: number; afterMs: number; headers?: Record<string, string>; body?: Uint8Array };
  /** Content encodings that are answered with 415, or as OpenTelemetry's Collector does, with 400 and the reason in the body. */
  refused: string[];
  refusesAsCollector: boolean;
  /** How many requests came, acknowledged or not, and the most that were under way at once. */
  readonly seen: { count: number; underWayMost: number };
  /** Finished spans, without carriers, start records and reports. */
  spans(): ReceivedSpan[];
  startRecords(): ReceivedSpan[];
  /** What processes said of themselves, reports and receipts. */
  reports(): ReceivedSpan[];
  blobs(): Blob[];
  /** The value behind a reference on a span. */
  content(reference: unknown): Promise<unknown>;
}

export async function createOtlpSink(port = 0): Promise<OtlpSink> {
  const requests: ReceivedRequest[] = [];
  const seen = { count: 0, underWayMost: 0 };
  let underWay = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    seen.count += 1;
    seen.underWayMost = Math.max(seen.underWayMost, (underWay += 1));
    response.once("close", () => (underWay -= 1));
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { "content-encoding": encoding = "" } = request.headers;
      const { afterMs, headers = {}, body: answered } = sink.answer;
      const isRefused = sink.refused.includes(encoding);
      const { refusesAsCollector } = sink;
      const status = isRefused ? (refusesAsCollector ? 400 : 415) : sink.answer.status;
      setTimeout(() => {
        if (status < 300) {
          const raw = Buffer.concat(chunks);
          const body = encoding === "gzip" ? gunzipSync(raw) : encoding === "zstd" ? zstdDecompressSync(raw) : raw;
          requests.push({ bytes: raw.length, body, headers: request.headers, spans: readSpans(body) });
        }
        const reason = `\x12\x22unsupported Content-Encoding: ${encoding}`;
        response.writeHead(status, headers).end(isRefused && refusesAsCollector ? reason : answered);
      }, afterMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const all = (): ReceivedSpan[] => requests.flatMap((request) => request.spans);
  const isCarrier = (span: ReceivedSpan): boolean => span.name === "runreel.content";
  const isReport = (span: ReceivedSpan): boolean => span.name === "runreel.process";
  const isPending = (span: ReceivedSpan): boolean => span.attributes["runreel.span.pending"] === true;
  const blobs = (): Blob[] =>
    all()
      .filter(isCarrier)
      .flatMap((span) => span.events)
      .map(({ attributes }) => ({
        hash: attributes["runreel.blob.hash"] as string,
        type: attributes["runreel.blob.type"] as Blob["type"],
        data: attributes["runreel.blob.data"] as Blob["data"],
      }));
  const sink: OtlpSink = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: { status: 200, afterMs: 0 },
    refused: [],
    refusesAsCollector: false,
    seen,
    spans: () => all().filter((span) => !isCarrier(span) && !isPending(span) && !isReport(span)),
    startRecords: () => all().filter(isPending),
    reports: () => all().filter(isReport),
    blobs,
    content: (reference) =>
      decodeContent(reference as string, async () => new Map(blobs().map((blob) => [blob.hash, blob]))),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return sink;
}
