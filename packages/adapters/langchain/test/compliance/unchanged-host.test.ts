// The host behaves the same with and without us: results, errors, order of calls, stream chunks, the user's callbacks, saved states.
import { ToolMessage } from "@langchain/core/messages";
import { Command, interrupt } from "@langchain/langgraph";
import {
  createMiddleware,
  humanInTheLoopMiddleware,
  modelFallbackMiddleware,
  modelRetryMiddleware,
  toolRetryMiddleware,
} from "langchain";
import * as langchain from "langchain";
import { expect, test } from "vitest";

import { RunreelCallbackHandler } from "../../src/callbacks/callback-handler.ts";
import { createRunreelMiddleware } from "../../src/middleware/create-middleware.ts";
import { Registry } from "../../src/record/registry.ts";
import { fatalToolErrors } from "../fatal-tool-errors.ts";
import { MemoryRecorder } from "../memory-recorder.ts";
import { ScriptedModel } from "../scripted-model.ts";
import { see } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

const words = Array.from({ length: 105 }, (_, at) => `w${at}`).join(" ");
const twice = [
  { name: "look", args: { at: "a" } },
  { name: "look", args: { at: "b" } },
];
const script = [
  { text: "let me see", reasoning: "hm", tools: twice },
  { tools: [{ name: "look", args: { at: "c" } }] },
  { text: words },
];
const boom = (): never => {
  throw new RangeError("out of range");
};
const onceBroken = () => {
  let looks = 0;
  return () => (looks++ === 0 ? boom() : "seen at last");
};

class RateLimitError extends Error {
  readonly status = 429;
}

const scenarios: Record<string, () => Scenario> = {
  "an agent with parallel tools": () => ({ script, withSaver: true }),
  "streamed values": () => ({ script, streamMode: "values" }),
  "streamed updates": () => ({ script, streamMode: "updates" }),
  "streamed messages": () => ({ script, streamMode: "messages" }),
  "streamed tasks": () => ({ script, streamMode: "tasks" }),
  "a tool that throws": () => ({ script, look: boom, withSaver: true }),
  "a tool that throws, streamed": () => ({ script, look: boom, streamMode: "updates" }),
  "a tool whose exception the user makes fatal": () => ({
    script,
    look: boom,
    middleware: () => [fatalToolErrors()],
  }),
  "a tool whose exception the user turns into a message": () => ({
    script,
    look: boom,
    middleware: () => [
      createMiddleware({
        name: "explain",
        wrapToolCall: async (request, handler) => {
          try {
            return await handler(request);
          } catch (error) {
            return new ToolMessage({ content: `oh: ${String(error)}`, tool_call_id: request.toolCall.id ?? "" });
          }
        },
      }),
    ],
  }),
  "toolErrorMiddleware of the host, where it has one": () => ({
    script,
    look: boom,
    middleware: () => {
      const { toolErrorMiddleware: ofHost } = langchain as Partial<typeof langchain>;
      return ofHost === undefined ? [] : [ofHost({ onError: (error) => `oh: ${String(error)}` })];
    },
  }),
  "a tool that is tried again": () => ({
    script,
    look: onceBroken(),
    middleware: () => [toolRetryMiddleware({ maxRetries: 2, initialDelayMs: 1, jitter: false })],
  }),
  "a user's middleware that answers for the tool": () => ({
    script,
    middleware: () => [
      createMiddleware({
        name: "deny",
        wrapToolCall: ({ toolCall }) =>
          new ToolMessage({ content: "denied", tool_call_id: toolCall.id ?? "", status: "error" }),
      }),
    ],
  }),
  "arguments that do not fit": () => ({ script: [{ tools: [{ name: "look", args: { at: 5 } }] }, { text: "sorry" }] }),
  "a tool that nobody knows": () => ({ script: [{ tools: [{ name: "fly", args: {} }] }, { text: "sorry" }] }),
  "a model that fails": () => ({ script: [{ error: new RateLimitError("slow down") }] }),
  "a model whose error decides about the retry": () => ({
    script: [{ error: new RateLimitError("slow down") }],
    middleware: () => [
      modelRetryMiddleware({
        maxRetries: 1,
        initialDelayMs: 1,
        jitter: false,
        retryOn: [RateLimitError],
        onFailure: "error",
      }),
    ],
  }),
  "a model that is tried again": () => ({
    script: [{ error: new Error("overloaded") }],
    middleware: () => [modelRetryMiddleware({ maxRetries: 1, initialDelayMs: 1, jitter: false })],
  }),
  "a model that another stands in for": () => ({
    script: [{ error: new Error("overloaded") }],
    middleware: () => [modelFallbackMiddleware(new ScriptedModel([{ text: "instead" }]))],
  }),
  "an agent that never ends": () => ({ script: Array.from({ length: 9 }, () => ({ tools: twice })), withSaver: true }),
  "a tool that waits for a person": () => ({
    script,
    look: ({ at }) => String(interrupt(`may I look at ${at}?`)),
    withSaver: true,
    inputs: [{ messages: [{ role: "user", content: "go" }] }, new Command({ resume: "yes" })],
  }),
  "a person asked by middleware": () => ({
    script,
    withSaver: true,
    middleware: () => [humanInTheLoopMiddleware({ interruptOn: { look: true } } as never)],
    inputs: [
      { messages: [{ role: "user", content: "go" }] },
      new Command({ resume: { decisions: [{ type: "approve" }, { type: "approve" }] } }),
    ],
  }),
};

function ours() {
  const recorder = new MemoryRecorder();
  const registry = new Registry(() => recorder);
  return {
    recorder,
    middleware: createRunreelMiddleware(() => recorder, registry, {}),
    callbacks: new RunreelCallbackHandler(() => recorder, registry, {}),
  };
}

test.each(Object.entries(scenarios))("%s", async (_, scenario) => {
  const without = await see(scenario(), {});
  const { recorder, middleware, callbacks } = ours();
  expect(await see(scenario(), { middleware })).toEqual(without);
  expect(recorder.spans.length).toBeGreaterThan(0);
  expect(await see(scenario(), { callbacks })).toEqual(without);
  expect(await see(scenario(), { middleware: ours().middleware, callbacks: ours().callbacks })).toEqual(without);
});

test("all 105 chunks of a streamed answer arrive", async () => {
  const { middleware, callbacks } = ours();
  const { chunks } = await see({ script: [{ text: words }], streamMode: "messages" }, { middleware, callbacks });
  const texts = (chunks as [{ kwargs?: { content?: string } }][]).map(([chunk]) => chunk.kwargs?.content);
  expect(texts.filter((text) => text !== "" && text !== undefined)).toHaveLength(105);
});
