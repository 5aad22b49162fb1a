// A secret in any position of a host's span inside a run never leaves by us, and none of ours gets into the host by the copies.
import { createTraceState, SpanStatusCode } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/api";
import { flush, run, shutdown, start, step } from "@runreel/sdk";
import { recorder } from "@runreel/sdk/adapter";
import { runreelSpanProcessor } from "@runreel/sdk/opentelemetry";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";

import { createOtlpSink } from "../otlp-sink.ts";
import type { OtlpSink } from "../otlp-sink.ts";
import { inSpan } from "./host.ts";
import type { RegisteredHost } from "./host.ts";
import { otel3 } from "./otel-3.ts";

let sink: OtlpSink;
let registered: RegisteredHost;

beforeEach(async () => {
  sink = await createOtlpSink();
  registered = otel3.register({ processors: [runreelSpanProcessor()] });
  start({ endpoint: sink.endpoint, provider: registered.provider });
});

afterEach(async () => {
  await shutdown();
  registered.unregister();
  await sink[Symbol.asyncDispose]();
});

const key = "sk-ant-api03-";
const secrets = fc.stringMatching(/^[a-zA-Z0-9]{40}$/).map((rest) => `${key}${rest}`);
const around = fc.constantFrom("", "with ", "at https://x.y/z?q=1&k=", "\n  ");
const linked = { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags: 1 };

const places: Record<string, (span: Span, text: string) => void> = {
  name: (span, text) => span.updateName(text),
  "an attribute": (span, text) => span.setAttribute("http.url", text),
  "a list": (span, text) => span.setAttribute("http.request.header", ["x", text]),
  "the name of an attribute": (span, text) => span.setAttribute(text, 1),
  "an event": (span, text) => span.addEvent(text),
  "an attribute of an event": (span, text) => span.addEvent("log", { message: text }),
  "an exception": (span, text) => span.recordException(new Error(text)),
  "the status": (span, text) => span.setStatus({ code: SpanStatusCode.ERROR, message: text }),
  "the tracestate of a link": (span, text) =>
    span.addLink({ context: { ...linked, traceState: createTraceState(`vendor=${text.trim()}`) } }),
  "a link": (span, text) => span.addLink({ context: linked, attributes: { from: text } }),
};

test.each(Object.entries(places))("in a host's span: %s", async (_name, plant) => {
  await fc.assert(
    fc.asyncProperty(secrets, around, async (secret, before) => {
      await run("agent", () => inSpan(otel3, "inner", async (span) => plant(span, `${before}${secret}`)));
      await flush();
      for (const { body } of sink.requests) expect(body.includes(secret)).toBe(false);
    }),
    { numRuns: 10 },
  );
  expect(sink.spans().length).toBeGreaterThanOrEqual(20);
});

const ours: Record<string, (text: string) => unknown> = {
  "the name of a run": (text) => run(text, async () => 1),
  "the name of a step": (text) => step(text, () => 1),
  "an error": (text) =>
    step("fails", () => {
      throw Object.assign(new Error(text, { cause: new Error(text) }), { name: text });
    }).catch(() => {}),
  "an attribute": async (text) => {
    recorder()
      .beginRun({ name: "r", attributes: { note: text, [text]: "x", list: [text] } })
      .end({ output: text });
  },
  content: (text) => run("r", async () => text, { input: text, conversationId: text, agent: { description: text } }),
};

test.each(Object.entries(ours))("in a span of ours: %s", async (_name, plant) => {
  await fc.assert(
    fc.asyncProperty(secrets, around, async (secret, before) => {
      await plant(`${before}${secret}`);
      await flush();
      expect(JSON.stringify(await registered.exported())).not.toContain(secret);
      for (const { body } of sink.requests) expect(body.includes(secret)).toBe(false);
    }),
    { numRuns: 10 },
  );
  expect((await registered.exported()).length).toBeGreaterThanOrEqual(10);
});
