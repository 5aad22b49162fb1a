// runreelTracer(): what a library traces by itself is recorded where it happens, whether or not the program has OpenTelemetry of its own.
import { context as activeContext, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Attributes, Span, Tracer } from "@opentelemetry/api";
import { flush, inference, run, shutdown, start } from "@runreel/sdk";
import { runreelTracer } from "@runreel/sdk/opentelemetry";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";

import { createOtlpSink } from "../otlp-sink.ts";
import type { OtlpSink } from "../otlp-sink.ts";
import { treeOf } from "./host.ts";
import { otel3 } from "./otel-3.ts";

let sink: OtlpSink;
let leave: (() => void) | undefined;

beforeEach(async () => {
  sink = await createOtlpSink();
});

afterEach(async () => {
  await shutdown();
  leave?.();
  leave = undefined;
  await sink[Symbol.asyncDispose]();
});

const begin = (): void => start({ endpoint: sink.endpoint, spool: false, processReports: false });

/** As libraries trace: what is inside finds its parent by what is active. */
async function traced<T>(tracer: Tracer, name: string, fn: () => Promise<T>, attributes: Attributes = {}): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await activeContext.with(activeContext.active(), fn);
    } catch (error) {
      span.recordException(error as Error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}

const twice = (tracer: Tracer): Promise<unknown> =>
  Promise.all(
    ["a", "b"].map((name) =>
      traced(tracer, `call ${name}`, async () => {
        await traced(tracer, `model ${name}`, async () => {});
        await traced(tracer, `tool ${name}`, async () => {});
      }),
    ),
  );

test.each(["without", "with"])("spans find their parents %s a context manager in the program", async (which) => {
  if (which === "with") leave = otel3.register().unregister;
  const tracer = runreelTracer("library");
  await twice(tracer);
  begin();
  await run("agent", () => twice(tracer));
  await flush();
  const inRun = ["a", "b"].map((name) => [`call ${name}`, "agent"]);
  const inside = ["model a", "model b", "tool a", "tool b"].map((name) => [name, `call ${name.at(-1)}`]);
  expect(treeOf(sink.spans())).toEqual([["agent", undefined], ...inRun, ...inside]);
  expect(sink.spans().find(({ name }) => name === "tool a")!.attributes["otel.scope.name"]).toBe("library");
});

test("a parent that is handed over counts, and a span of the program's own does not", async () => {
  const registered = otel3.register();
  leave = registered.unregister;
  const tracer = runreelTracer();
  begin();
  await otel3.trace.getTracer("host").startActiveSpan("request", async (request) => {
    const outer = tracer.startSpan("outer");
    tracer.startSpan("inner", {}, trace.setSpan(activeContext.active(), outer)).end();
    outer.end();
    await run("agent", async () => tracer.startSpan("in the run").end());
    request.end();
  });
  await flush();
  expect(treeOf(sink.spans())).toEqual([
    ["agent", undefined],
    ["in the run", "agent"],
    ["inner", "outer"],
    ["outer", undefined],
    ["outer", "outer"],
  ]);
  expect((await registered.exported()).map(({ name }) => name)).toEqual(["request"]);
});

test("spans that never end are let go of, and the next ones are recorded as ever", async () => {
  const tracer = runreelTracer();
  for (let at = 0; at < 10_001; at += 1) tracer.startSpan("left");
  begin();
  await traced(tracer, "call", () => traced(tracer, "inside", async () => {}));
  await flush();
  expect(treeOf(sink.spans())).toEqual([
    ["call", undefined],
    ["call", "call"],
    ["inside", "call"],
  ]);
});

test("what fails outside a run is a run that failed of the same", async () => {
  const tracer = runreelTracer();
  begin();
  const fails = traced(tracer, "call", () => Promise.reject(new RangeError("too far")));
  await expect(fails).rejects.toThrow("too far");
  await flush();
  const root = sink.spans().find(({ parentSpanId }) => !parentSpanId)!;
  expect(root).toMatchObject({
    name: "call",
    status: { code: 2, message: "too far" },
    attributes: { "error.type": "RangeError" },
    events: [{ name: "exception", attributes: { "exception.stacktrace": expect.stringContaining("program-tracer") } }],
  });
});

test("what is said of a call that inference() records is not said twice", async () => {
  const tracer = runreelTracer();
  begin();
  const usage = { "gen_ai.usage.input_tokens": 7, "ai.usage.inputTokens": 7, "http.status": 200 };
  const answer = { choices: [{ message: { role: "assistant", content: "Hi" } }], usage: { prompt_tokens: 7 } };
  await run("agent", () =>
    inference({ model: "m", messages: [] }, () => traced(tracer, "POST", async () => answer, usage)),
  );
  await flush();
  const post = sink.spans().find(({ name }) => name === "POST")!;
  expect(post.attributes).toEqual({ "http.status": 200, "otel.scope.name": "program" });
});

const places: Record<string, (span: Span, text: string) => void> = {
  messages: (span, text) =>
    span.setAttribute(
      "gen_ai.input.messages",
      JSON.stringify([{ role: "user", parts: [{ type: "text", content: text }] }]),
    ),
  "messages that are no JSON": (span, text) => span.setAttribute("gen_ai.output.messages", `[${text}`),
  arguments: (span, text) => span.setAttribute("gen_ai.tool.call.arguments", JSON.stringify({ [text]: { text } })),
  "an older name": (span, text) =>
    span.setAttribute("ai.prompt.messages", JSON.stringify([{ role: "user", content: text }])),
  "the text of an error": (span, text) => span.setStatus({ code: SpanStatusCode.ERROR, message: text }),
};

test.each(Object.entries(places))("no secret leaves by %s", async (_name, plant) => {
  const tracer = runreelTracer();
  begin();
  const secrets = fc.stringMatching(/^[a-zA-Z0-9]{40}$/).map((rest) => `sk-ant-api03-${rest}`);
  await fc.assert(
    fc.asyncProperty(secrets, async (secret) => {
      const span = tracer.startSpan(`call ${secret}`, { attributes: { "gen_ai.operation.name": "chat" } });
      plant(span, `the key is ${secret}`);
      span.end();
      await flush();
      for (const { body } of sink.requests) expect(body.includes(secret)).toBe(false);
    }),
    { numRuns: 10 },
  );
  expect(sink.requests.some(({ body }) => body.includes("[redacted:"))).toBe(true);
});

test("a replay does not begin with one, since tools would run again", () => {
  process.env["RUNREEL_REPLAY"] = "plan.json";
  try {
    expect(() => runreelTracer()).toThrow(expect.objectContaining({ code: "RUNREEL_REPLAY_FAILED" }) as Error);
  } finally {
    delete process.env["RUNREEL_REPLAY"];
  }
});
