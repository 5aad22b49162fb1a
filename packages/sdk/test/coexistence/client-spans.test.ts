// Proves where the spans stand that a host's instrumentation makes of HTTP requests: those to a model, and those of tools.
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

import { propagation } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { flush, inference, run, shutdown, start, tool } from "@runreel/sdk";
import { runreelSpanProcessor } from "@runreel/sdk/opentelemetry";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import { createOtlpSink } from "../otlp-sink.ts";
import type { OtlpSink } from "../otlp-sink.ts";
import { inSpan, treeOf } from "./host.ts";
import type { RegisteredHost } from "./host.ts";
import { otel3 } from "./otel-3.ts";

const instrumentation = new UndiciInstrumentation({ requestHook: (span, { path }) => void span.updateName(path) });
let server: Server;
let address = "";
let traceparents: (string | undefined)[] = [];
let sink: OtlpSink;
let registered: RegisteredHost;

beforeAll(async () => {
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  server = createServer((request, response) => {
    traceparents.push(request.headers["traceparent"] as string | undefined);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ choices: [{ message: { role: "assistant", content: "Hello" } }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  propagation.disable();
  instrumentation.disable();
  server.close();
});

beforeEach(async () => {
  sink = await createOtlpSink();
  registered = otel3.register({ processors: [runreelSpanProcessor()] });
  instrumentation.setTracerProvider(registered.provider);
  traceparents = [];
});

afterEach(async () => {
  await shutdown();
  registered.unregister();
  await sink[Symbol.asyncDispose]();
});

const call = async (path: string): Promise<unknown> => (await fetch(`${address}${path}`)).json();
const look = tool({
  name: "look",
  effect: "read",
  execute: async (place: string) => {
    await call(`/${place}`);
    return inSpan(otel3, `read ${place}`, async () => place);
  },
});
const serve = (): Promise<void> =>
  inSpan(otel3, "request", () =>
    run("agent", async () => {
      await inference({ model: "m", messages: [{ role: "user", content: "Hi" }] }, () => call("/model"));
      await Promise.all(["here", "there"].map(look));
    }),
  );

test("with a joined provider they stand under the step that makes them, here and there", async () => {
  start({ endpoint: sink.endpoint, provider: registered.provider });
  await serve();
  await flush();
  const inRun = [
    ["/here", "execute_tool look"],
    ["/model", "chat m"],
    ["/there", "execute_tool look"],
  ];
  const steps = [
    ["chat m", "agent"],
    ["execute_tool look", "agent"],
    ["execute_tool look", "agent"],
    ["read here", "execute_tool look"],
    ["read there", "execute_tool look"],
  ];
  const exported = await registered.exported();
  expect(treeOf(exported)).toEqual([...inRun, ["agent", "request"], ...steps, ["request", undefined]]);
  expect(treeOf(sink.spans())).toEqual([...inRun, ["agent", undefined], ...steps]);
  const client = sink.spans().find((span) => span.name === "/model")!;
  expect(client.kind).toBe(3);
  expect(client.attributes).toMatchObject({
    "http.response.status_code": 200,
    "otel.scope.name": "@opentelemetry/instrumentation-undici",
  });
  // The header that goes out is the host's own, of the client's span in the host's trace.
  const sent = exported
    .filter(({ name }) => name.startsWith("/"))
    .map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`);
  expect(new Set(traceparents)).toEqual(new Set(sent));
});

test("with a private provider they are the host's alone, where they would be without us", async () => {
  start({ endpoint: sink.endpoint, provider: undefined });
  await serve();
  await flush();
  expect(treeOf(await registered.exported())).toEqual([
    ["/here", "request"],
    ["/model", "request"],
    ["/there", "request"],
    ["read here", "request"],
    ["read there", "request"],
    ["request", undefined],
  ]);
});

test("of a run that is sampled out the host's spans are sent with the others, if the run fails", async () => {
  start({ endpoint: sink.endpoint, provider: registered.provider, sample: 0 });
  await run("fine", () => look("here"));
  await flush();
  expect(sink.spans().filter((span) => /look|here|fine/.test(span.name))).toEqual([]);
  await run("fails", async () => {
    await look("there");
    throw new Error("lost");
  }).catch(() => {});
  await flush();
  expect(treeOf(sink.spans().filter((span) => /look|there|fails/.test(span.name)))).toEqual([
    ["/there", "execute_tool look"],
    ["execute_tool look", "fails"],
    ["fails", undefined],
    ["read there", "execute_tool look"],
  ]);
  expect(treeOf(await registered.exported())).toHaveLength(8);
});
