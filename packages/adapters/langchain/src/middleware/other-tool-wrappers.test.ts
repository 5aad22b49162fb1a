// The host's refusal tells whether other middleware wraps tool calls, and no model is ever asked.
import { createAgent, createMiddleware, tool } from "langchain";
import type { AgentMiddleware } from "langchain";
import { expect, test } from "vitest";
import { z } from "zod";

import { ScriptedModel } from "../../test/scripted-model.ts";
import { hasOtherToolWrappers } from "./other-tool-wrappers.ts";

const look = tool(() => "seen", { name: "look", description: "Looks", schema: z.object({}) });
const wrapping = (name: string) => createMiddleware({ name, wrapToolCall: (request, handler) => handler(request) });

async function answerWith(others: AgentMiddleware[], tools = [look]) {
  const answers: unknown[] = [];
  const asking = createMiddleware({
    name: "asking",
    wrapModelCall: async (request, handler) => {
      answers.push(
        await hasOtherToolWrappers(async (change) => handler({ ...request, ...change } as never), request.tools ?? []),
      );
      return handler(request);
    },
  });
  const model = new ScriptedModel([{ text: "done" }]);
  const agent = createAgent({ model, tools, middleware: [...others, asking] as AgentMiddleware[] });
  await agent.invoke({ messages: [{ role: "user", content: "go" }] });
  return { answer: answers[0], requests: model.requests.length };
}

test("nobody else wraps", async () => {
  expect(await answerWith([])).toEqual({ answer: false, requests: 1 });
});

test("somebody else wraps", async () => {
  expect(await answerWith([wrapping("other")])).toEqual({ answer: true, requests: 1 });
});

test("an agent without tools has nothing to ask about", async () => {
  expect(await answerWith([], [])).toEqual({ answer: undefined, requests: 1 });
});

test("a host that answers something else is not understood, and its model stays mute", async () => {
  expect(await hasOtherToolWrappers(() => Promise.reject(new Error("no")), [look])).toBeUndefined();
  const calls = hasOtherToolWrappers(async ({ model }) => (model as { invoke(): Promise<unknown> }).invoke(), [look]);
  expect(await calls).toBeUndefined();
});
