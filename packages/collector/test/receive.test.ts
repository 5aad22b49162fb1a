// What clients do wrong: each gets a stable code, is counted, and hurts nobody else.
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Run } from "../src/query/run.ts";
import { failingRun, recordRun } from "./recorded-run.ts";
import { runCollector, type RunningCollector } from "./running-collector.ts";

const PROTOBUF = { "content-type": "application/x-protobuf" };
const MIB = 1024 * 1024;

let running: RunningCollector;

beforeAll(async () => {
  running = await runCollector();
});

afterAll(() => running?.stop());

const errors = (code: string): Promise<number> => running.collector.metrics.total("runreel_errors_total", { code });

test("an answer says how a request may be compressed", async () => {
  const { status, headers } = await running.post("/v1/traces", { resourceSpans: [] });
  expect(status).toBe(200);
  expect(headers.get("accept-encoding")).toBe("gzip, deflate, zstd");
});

test.each<[string, number, string, unknown, Record<string, string>]>([
  ["broken protobuf", 400, "RUNREEL_DECODE_INVALID_PROTOBUF", Buffer.from([0x0a, 0xff, 0xff, 0x7f]), PROTOBUF],
  ["random bytes", 400, "RUNREEL_DECODE_INVALID_PROTOBUF", Buffer.alloc(1000, 0xff), PROTOBUF],
  ["broken JSON", 400, "RUNREEL_DECODE_INVALID_JSON", '{"resourceSpans": [', {}],
  ["JSON that is no request", 400, "RUNREEL_DECODE_INVALID_JSON", "[1, 2, 3]", {}],
  ["a wrong content type", 415, "RUNREEL_REQUEST_CONTENT_TYPE", "hello", { "content-type": "text/plain" }],
  ["a wrong content encoding", 415, "RUNREEL_REQUEST_CONTENT_ENCODING", "{}", { "content-encoding": "br" }],
  ["gzip that is none", 400, "RUNREEL_DECODE_INVALID_COMPRESSION", "{}", { "content-encoding": "gzip" }],
  [
    "cut gzip",
    400,
    "RUNREEL_DECODE_INVALID_COMPRESSION",
    gzipSync("{}".repeat(100)).subarray(0, 20),
    { "content-encoding": "gzip" },
  ],
  ["20 MB", 413, "RUNREEL_REQUEST_TOO_LARGE", Buffer.alloc(20 * MIB), PROTOBUF],
  [
    "a gzip bomb",
    413,
    "RUNREEL_REQUEST_INFLATED_TOO_LARGE",
    gzipSync(Buffer.alloc(300 * MIB), { level: 9 }),
    { ...PROTOBUF, "content-encoding": "gzip" },
  ],
  [
    "a zstd bomb",
    413,
    "RUNREEL_REQUEST_INFLATED_TOO_LARGE",
    zstdCompressSync(Buffer.alloc(300 * MIB)),
    { ...PROTOBUF, "content-encoding": "zstd" },
  ],
  [
    "too many spans",
    413,
    "RUNREEL_REQUEST_TOO_MANY_SPANS",
    `{"resourceSpans":[{"scopeSpans":[{"spans":[${"{},".repeat(200_000)}{}]}]}]}`,
    {},
  ],
])("%s is refused with %i %s", async (_name, status, code, body, headers) => {
  const before = await errors(code);
  const answer = await running.post<{ error: { code: string; message: string; hint: string } }>(
    "/v1/traces",
    body,
    headers,
  );
  expect({ status: answer.status, code: answer.body.error.code }).toEqual({ status, code });
  expect(answer.body.error.message).not.toBe("");
  expect(answer.body.error.hint).not.toBe("");
  expect(await errors(code)).toBe(before + 1);
  expect((await running.get("/healthz")).status).toBe(200);
});

test("bad spans are refused one by one, and the rest of the batch is kept", async () => {
  const { request, runId } = recordRun({ root: { name: "kept", from: 0, to: 10 } });
  const [resourceSpans] = (request as { resourceSpans: { scopeSpans: { spans: object[] }[] }[] }).resourceSpans;
  const { spans } = resourceSpans!.scopeSpans[0]!;
  const good = spans[1]!;
  let deep: object = { stringValue: "x" };
  for (let level = 0; level < 100; level++) deep = { arrayValue: { values: [deep] } };
  spans.push(
    { ...good, spanId: "", name: "without an id" },
    { ...good, traceId: "0".repeat(32), name: "without a trace" },
    { ...good, spanId: "00000000000000dd", attributes: [{ key: "deep", value: deep }] },
  );
  const answer = await running.post("/v1/traces", request);
  expect(answer).toMatchObject({ status: 200, body: { partialSuccess: { rejectedSpans: "3" } } });
  const { partialSuccess } = answer.body as { partialSuccess: { errorMessage: string } };
  expect(partialSuccess.errorMessage).toMatch(/invalid_span_id \(1\).*attribute_too_deep \(1\)/);
  for (const reason of ["invalid_span_id", "invalid_trace_id", "attribute_too_deep"]) {
    expect(await running.collector.metrics.total("runreel_spans_rejected_total", { reason })).toBe(1);
  }
  await running.collector.flush();
  const { body } = await running.get<{ runs: Run[] }>(`/api/runs?prefix=${runId}`);
  expect(body.runs).toMatchObject([{ runId, spans: 1 }]);
});

test("partial success in protobuf is told in protobuf", async () => {
  // resource_spans { scope_spans { spans { trace_id: 8 bytes } } }: readable, but its id is too short.
  const span = Buffer.from([0x0a, 8, ...randomBytes(8)]);
  const nested = [0x12, 0x12].reduce((inner, tag) => Buffer.from([tag, inner.length, ...inner]), span);
  const body = Buffer.from([0x0a, nested.length, ...nested]);
  const response = await fetch(`${running.address}/v1/traces`, { method: "POST", headers: PROTOBUF, body });
  expect(response.headers.get("content-type")).toBe("application/x-protobuf");
  const answer = Buffer.from(await response.arrayBuffer());
  // partial_success = 1 { rejected_spans = 1 : 1, error_message = 2 }
  expect([...answer.subarray(0, 1), ...answer.subarray(2, 5)]).toEqual([0x0a, 0x08, 1, 0x12]);
  expect(answer.subarray(6).toString()).toContain("invalid_trace_id");
});

test.each(["/v1/traces", "/api/public/otel/v1/traces", "/otel/v1/traces"])(
  "%s takes every compression",
  async (path) => {
    for (const [encoding, compress] of [
      ["gzip", gzipSync],
      ["deflate", deflateSync],
      ["zstd", zstdCompressSync],
      ["identity", (body: Buffer) => body],
    ] as const) {
      const run = failingRun();
      const body = compress(Buffer.from(JSON.stringify(run.request)));
      const answer = await running.post(path, body, { "content-encoding": encoding });
      expect({ encoding, status: answer.status, body: answer.body }).toEqual({ encoding, status: 200, body: {} });
      await running.collector.flush();
      const { body: listed } = await running.get<{ runs: Run[] }>(`/api/runs?prefix=${run.runId}`);
      expect(listed.runs).toMatchObject([{ steps: 2 }]);
    }
  },
);

test("a request that comes twice is counted once", async () => {
  const run = failingRun();
  await running.store(run.request);
  await running.store(run.request);
  const { body } = await running.get<{ runs: Run[] }>(`/api/runs?prefix=${run.runId}`);
  expect(body.runs).toMatchObject([{ spans: 4, steps: 2, inferences: 1 }]);
  expect(await running.collector.metrics.total("runreel_spans_duplicate_total")).toBeGreaterThan(0);
});

test("logs and metrics are accepted, counted and not kept", async () => {
  for (const signal of ["logs", "metrics"]) {
    expect(await running.post(`/v1/${signal}`, {})).toMatchObject({ status: 200, body: {} });
    expect(await running.collector.metrics.total("runreel_requests_not_kept_total", { signal })).toBe(1);
  }
});

test("an empty request is no failure", async () => {
  expect(await running.post("/v1/traces", Buffer.alloc(0), PROTOBUF)).toMatchObject({ status: 200 });
  expect(await running.post("/v1/traces", {})).toMatchObject({ status: 200, body: {} });
});

test("a client that hangs up in the middle of its body is forgotten", async () => {
  const { hostname, port } = new URL(running.address);
  const socket = connect(Number(port), hostname);
  socket.write(
    "POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{",
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  expect((await running.get("/readyz")).status).toBe(200);
});

test("a page of another host name that points here is not let in", async () => {
  const { hostname, port } = new URL(running.address);
  const socket = connect(Number(port), hostname);
  socket.end("GET /api/runs HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n");
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 401 .*RUNREEL_REQUEST_UNAUTHORIZED/s);
});
