// LangChain in a program whose own tracing was joined: what tools and models do stands under our steps, there and here.
import { subscribe, unsubscribe } from "node:diagnostics_channel";

import { HumanMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { flush, run, shutdown, start } from "@runreel/sdk";
import { runreelSpanProcessor } from "@runreel/sdk/opentelemetry";
import { createAgent, tool } from "langchain";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";

import { inSpan, treeOf } from "../../../sdk/test/coexistence/host.ts";
import type { HostSpan, RegisteredHost } from "../../../sdk/test/coexistence/host.ts";
import { otel3 } from "../../../sdk/test/coexistence/otel-3.ts";
import { createOtlpSink } from "../../../sdk/test/otlp-sink.ts";
import { runreelCallbacks, runreelMiddleware } from "../src/index.ts";
import { createOpenAiServer } from "./openai-server.ts";

let registered: RegisteredHost | undefined;

afterEach(async () => {
  await shutdown();
  registered?.unregister();
});

const weather = tool(({ city }: { city: string }) => inSpan(otel3, `db ${city}`, async () => `rain in ${city}`), {
  name: "weather",
  description: "Weather",
  schema: z.object({ city: z.string() }),
});
const call = { id: "call_a", name: "weather", arguments: '{"city":"Oslo"}' };
const script = [{ text: "Looking.", tools: [call] }, { text: "It rains." }];

/** As an instrumentation of HTTP clients does: a span for each request, where it is made. */
function instrumented(): () => void {
  const onRequest = (): void => otel3.trace.getTracer("http").startSpan("POST").end();
  subscribe("undici:request:create", onRequest);
  return () => unsubscribe("undici:request:create", onRequest);
}

async function serve(way: "middleware" | "callbacks"): Promise<HostSpan[]> {
  await using server = await createOpenAiServer(script);
  const configuration = { baseURL: server.baseURL };
  const agent = createAgent({
    name: "meteorologist",
    model: new ChatOpenAI({ model: "gpt-test", apiKey: "none", maxRetries: 0, configuration }),
    tools: [weather],
    middleware: way === "middleware" ? [runreelMiddleware()] : [],
  });
  const input = { messages: [new HumanMessage("weather in Oslo?")] };
  const stop = instrumented();
  await inSpan(otel3, "request", async () => {
    if (way === "middleware") await agent.invoke(input);
    else await run("weather desk", () => agent.invoke(input, { callbacks: [runreelCallbacks()] }));
  });
  stop();
  await flush();
  return await registered!.exported();
}

test("with the middleware they stand under the step that makes them", async () => {
  await using sink = await createOtlpSink();
  registered = otel3.register({ processors: [runreelSpanProcessor()] });
  start({ endpoint: sink.endpoint, provider: registered.provider, spool: false });
  const exported = await serve("middleware");
  const inRun = [
    ["POST", "chat gpt-test"],
    ["POST", "chat gpt-test"],
    ["chat gpt-test", "meteorologist"],
    ["chat gpt-test", "meteorologist"],
    ["db Oslo", "execute_tool weather"],
    ["execute_tool weather", "meteorologist"],
  ];
  expect(treeOf(exported)).toEqual([...inRun, ["meteorologist", "request"], ["request", undefined]]);
  expect(treeOf(sink.spans().filter(({ name }) => name !== "checkpoint"))).toEqual([
    ...inRun,
    ["meteorologist", undefined],
  ]);
});

test("with callbacks, which run beside the agent, they stand under the run", async () => {
  await using sink = await createOtlpSink();
  registered = otel3.register({ processors: [runreelSpanProcessor()] });
  start({ endpoint: sink.endpoint, provider: registered.provider, spool: false });
  const exported = await serve("callbacks");
  const own = exported.filter(({ name }) => name === "POST" || name.startsWith("db"));
  const desk = exported.find(({ name }) => name === "weather desk")!;
  expect(own.map(({ parentSpanId }) => parentSpanId)).toEqual([desk.spanId, desk.spanId, desk.spanId]);
  expect(treeOf(exported)).toContainEqual(["execute_tool weather", "meteorologist"]);
  expect(treeOf(sink.spans())).toContainEqual(["db Oslo", "weather desk"]);
});
