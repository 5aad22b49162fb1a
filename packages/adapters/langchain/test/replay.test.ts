// A replay in createAgent: before the checkpoint no tool and no model runs, after it the mode and the person's edits decide.
import { HumanMessage } from "@langchain/core/messages";
import { createAgent, tool } from "langchain";
import { expect, test } from "vitest";
import { z } from "zod";

import type { ReplayPlan } from "@runreel/sdk/adapter";

import { createReplay } from "../../../sdk/src/replay/create-replay.ts";
import { langchainCodec } from "../src/codec/langchain-codec.ts";
import type { EffectGuard, Question } from "../../../sdk/src/replay/effect-guard.ts";
import { RunreelCallbackHandler } from "../src/callbacks/callback-handler.ts";
import { createRunreelMiddleware } from "../src/middleware/create-middleware.ts";
import { Registry } from "../src/record/registry.ts";
import { fatalToolErrors } from "./fatal-tool-errors.ts";
import { MemoryRecorder } from "./memory-recorder.ts";
import { hash, planOf } from "./recorded-plan.ts";
import { ScriptedModel } from "./scripted-model.ts";

const script = [
  {
    reasoning: "both at once",
    tools: [
      { name: "rate", args: { of: "USD" } },
      { name: "rate", args: { of: "GBP" } },
    ],
  },
  { text: "now convert", tools: [{ name: "convert", args: { to: "EUX", amount: 5 } }] },
  { tools: [{ name: "send_mail", args: { body: "5" } }] },
  { text: "all done" },
];

/** The program: two look-ups (steps 2, 3), a conversion that throws for EUX (step 5), a mail. */
function program(recorder: MemoryRecorder, options: { isFatal?: boolean } = {}) {
  const calls: unknown[] = [];
  const registry = new Registry(() => recorder);
  const rate = tool(
    ({ of }: { of: string }) => {
      calls.push(["rate", of]);
      return JSON.stringify({ of, rate: 1.1 });
    },
    { name: "rate", description: "Rate", schema: z.object({ of: z.string() }), metadata: { effect: "read" } },
  );
  const convert = tool(
    ({ to, amount }: { to: string; amount: number }) => {
      calls.push(["convert", to]);
      if (to === "EUX") throw new RangeError("no currency EUX");
      return `${amount} ${to}`;
    },
    {
      name: "convert",
      description: "Converts",
      schema: z.object({ to: z.string(), amount: z.number() }),
      metadata: { effect: "none" },
    },
  );
  const mail = tool(
    ({ body }: { body: string }) => {
      calls.push(["send_mail", body]);
      return "sent";
    },
    { name: "send_mail", description: "Mails", schema: z.object({ body: z.string() }) },
  );
  const model = new ScriptedModel(script);
  const fatal = fatalToolErrors();
  const ours = createRunreelMiddleware(() => recorder, registry, { effects: { send_mail: "non_idempotent" } });
  const agent = createAgent({
    model,
    tools: [rate, convert, mail],
    name: "accountant",
    middleware: options.isFatal === true ? [fatal, ours] : [ours],
  });
  return { agent, calls, model, registry };
}

const input = () => ({ messages: [new HumanMessage("what are 5 pounds?")] });

async function recorded(options: { isFatal?: boolean } = {}) {
  const recorder = new MemoryRecorder();
  const { agent } = program(recorder, options);
  const result = await agent.invoke(input()).catch((error: unknown) => error as { messages: unknown[] });
  recorder.flush();
  return { recorder, result };
}

function guardOf(decision: "yes" | "no"): EffectGuard & { questions: Question[] } {
  const questions: Question[] = [];
  const ask: EffectGuard["ask"] = async (question) => {
    questions.push(question);
    return decision === "yes"
      ? { isAllowed: true, by: "maria" }
      : { isAllowed: false, by: "maria", reason: "the answer was no" };
  };
  return { questions, ask };
}

async function replaying(plan: Partial<ReplayPlan>, options: { isFatal?: boolean; decision?: "yes" | "no" } = {}) {
  const { recorder: origin, result: original } = await recorded(options);
  const guard = guardOf(options.decision ?? "yes");
  const replay = createReplay({ plan: await planOf(origin, plan), codecs: [langchainCodec], hash, guard });
  const recorder = new MemoryRecorder({ replay });
  return { ...program(recorder, options), recorder, replay, guard, original, origin };
}

const texts = (result: unknown): string[] =>
  (result as { messages: { text: string }[] }).messages.map(({ text }) => text);
const served = (recorder: MemoryRecorder): unknown[] =>
  recorder.spans.filter(({ kind }) => kind !== "run").map(({ request }) => request["served"]);

test("everything recorded: no tool, no model, the same conversation", async () => {
  const { agent, calls, model, recorder, original } = await replaying({ mode: "recorded", from: 1 });
  const result = await agent.invoke(input());
  expect(texts(result)).toEqual(texts(original));
  expect(texts(result)).toContain("RangeError: no currency EUX\n Please fix your mistakes.");
  expect({ calls, requests: model.requests }).toEqual({ calls: [], requests: [] });
  expect(served(recorder)).toEqual(Array.from({ length: 8 }, () => "recorded"));
  expect(recorder.spans.flatMap(({ outcome }) => outcome?.usage ?? [])).toEqual([]);
  expect(recorder.spans.find(({ name }) => name === "convert")?.outcome?.error).toMatchObject({ name: "RangeError" });
});

test("a served run streams what it serves", async () => {
  const { agent, model } = await replaying({ mode: "recorded", from: 1 });
  const messages: string[] = [];
  for await (const [chunk] of await agent.stream(input(), { streamMode: "messages" })) messages.push(chunk.text);
  expect(messages).toContain("now convert");
  expect(messages).toContain("all done");
  const updates: string[] = [];
  const again = await replaying({ mode: "recorded", from: 1 });
  for await (const chunk of await again.agent.stream(input(), { streamMode: "updates" }))
    updates.push(...Object.keys(chunk));
  expect(updates).toEqual([
    "model_request",
    "tools",
    "tools",
    "model_request",
    "tools",
    "model_request",
    "tools",
    "model_request",
  ]);
  expect(model.requests).toEqual([]);
});

test("a failed run goes on from the failed step with corrected arguments", async () => {
  const { agent, calls, model, recorder, guard } = await replaying(
    { from: 5, edits: [{ path: "step.5.arguments.to", value: "EUR" }] },
    { isFatal: true },
  );
  const result = await agent.invoke(input());
  expect(calls).toEqual([
    ["convert", "EUR"],
    ["send_mail", "5"],
  ]);
  expect(model.requests).toHaveLength(2);
  expect(texts(result)).toContain("5 EUR");
  expect(served(recorder)).toEqual([
    "recorded",
    "recorded",
    "recorded",
    "recorded",
    "live",
    "live",
    "confirmed",
    "live",
  ]);
  expect(recorder.spans.find(({ name }) => name === "convert")?.request["arguments"]).toEqual({ to: "EUR", amount: 5 });
  expect(recorder.spans.find(({ name }) => name === "send_mail")?.request).toMatchObject({
    confirmedBy: "maria",
    effect: "non_idempotent",
  });
  expect(guard.questions).toMatchObject([{ name: "send_mail", arguments: { body: "5" } }]);
});

test.each(["step.4.raw.tool_calls.0.args.to", "step.4.result.parts.1.arguments.to", "messages.4.tool_calls.0.args.to"])(
  "the answer that caused the failure is corrected by %s",
  async (path) => {
    const { agent, calls, model } = await replaying({ from: 5, edits: [{ path, value: "EUR" }] }, { isFatal: true });
    await agent.invoke(input());
    expect(calls).toEqual([
      ["convert", "EUR"],
      ["send_mail", "5"],
    ]);
    const answer = model.requests[0]?.[4] as { tool_calls?: { args: unknown }[]; text?: string };
    expect(answer.tool_calls?.[0]?.args).toEqual({ to: "EUR", amount: 5 });
    expect(answer.text).toBe("now convert");
  },
);

test("an older message is changed for what live inferences read, and only for that", async () => {
  const { agent, calls, model } = await replaying({
    from: 5,
    edits: [{ path: "messages.0.content", value: "and 6?" }],
  });
  const result = await agent.invoke(input());
  expect(model.requests.map((request) => request[0]?.text)).toEqual(["and 6?", "and 6?"]);
  expect(texts(result)[0]).toBe("what are 5 pounds?");
  expect(calls[0]).toEqual(["convert", "EUX"]);
});

test("the result of a served tool can be changed", async () => {
  const edits = [{ path: "step.3.result", value: '{"of":"GBP","rate":2}' }];
  const { agent, model } = await replaying({ from: 4, edits });
  await agent.invoke(input());
  expect(model.requests[0]?.[3]).toMatchObject({
    content: '{"of":"GBP","rate":2}',
    tool_call_id: "call_0_1",
    name: "rate",
  });
});

test("a no stops the agent before the effect, with the error of ours", async () => {
  const { agent, calls, recorder } = await replaying({ from: 7 }, { decision: "no" });
  await expect(agent.invoke(input())).rejects.toMatchObject({
    name: "RunreelEffectBlockedError",
    code: "RUNREEL_EFFECT_NOT_CONFIRMED",
  });
  expect(calls).toEqual([]);
  expect(recorder.spans.at(-1)).toMatchObject({
    request: { served: "blocked" },
    outcome: { error: { code: "RUNREEL_EFFECT_NOT_CONFIRMED" } },
  });
  expect(recorder.spans[0]?.outcome?.error).toMatchObject({ code: "RUNREEL_EFFECT_NOT_CONFIRMED" });
});

test("another question to the model stops the agent before the model", async () => {
  const { agent, calls, model, replay } = await replaying({ from: 5 });
  const other = { messages: [new HumanMessage("what are 7 pounds?")] };
  await expect(agent.invoke(other)).rejects.toMatchObject({
    name: "RunreelDivergenceError",
    code: "RUNREEL_REPLAY_DIVERGED",
  });
  expect({ calls, requests: model.requests }).toEqual({ calls: [], requests: [] });
  expect(replay.divergence).toMatchObject({ step: 1, actual: { kind: "inference" } });
});

test("a step that never ended cannot be handed back", async () => {
  const { recorder: origin } = await recorded();
  const plan = await planOf(origin, { from: 5 });
  Object.assign(plan.steps[3]!, { result: null, raw: null });
  const { agent, model } = program(new MemoryRecorder({ replay: createReplay({ plan, hash, guard: guardOf("no") }) }));
  await expect(agent.invoke(input())).rejects.toThrow("Step 4 had not ended");
  expect(model.requests).toEqual([]);
});

test("callbacks cannot serve, so in a replay they let nothing run", async () => {
  const { recorder, model, registry } = await replaying({ from: 1 });
  const callbacks = new RunreelCallbackHandler(() => recorder, registry, {});
  await expect(model.invoke("hello", { callbacks: [callbacks] })).rejects.toThrow(/runreelMiddleware/);
  expect(model.requests).toEqual([]);
});
