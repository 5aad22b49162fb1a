// What a variant does to a program besides costing time, in a process of its own: where its spans end up, which texts it leaves out, and what the program itself gets to see.
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { awaitAllCallbacks } from "@langchain/core/callbacks/promises";
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { AIMessage, AIMessageChunk, HumanMessage, ToolMessage } from "@langchain/core/messages";
import type { BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { createAgent, tool } from "langchain";
import { z } from "zod";
import { childArgument } from "../measure/child.ts";
import type { SentSpan } from "../sdk-overhead/read-spans.ts";
import { openVariant } from "../sdk-overhead/variants.ts";
import type { VariantName } from "../sdk-overhead/variant-names.ts";
import { createResearchAgent, question, runTask, ScriptedModel, taskId } from "../sdk-overhead/workload.ts";
import { misplacedSpans } from "../sdk-overhead/misplaced.ts";
import type { HostRequest } from "../sdk-overhead/misplaced.ts";
import { createProvider } from "./open-rival.ts";

export interface CheckRequest {
  variant: VariantName;
  sinkUrl: string;
}

export interface Checks {
  /** Of a single undisturbed task of five steps. */
  spansPerTask: number;
  /** Tasks started in one turn of the event loop, each in a request of the host's. */
  placement: { spans: number; misplaced: number };
  /** Texts that were new in a task of 25 steps, and those of them that did not arrive whole. */
  content: { texts: number; cut: number };
  /** What the program gets to see, by what it is. To be compared with what it sees alone. */
  behaviour: Record<string, string>;
}

const SETTLE_MS = 1_500;
const PIECE_MS = 3;
const PLACED_TASKS = 20;
const LONG_STEPS = 25;

const { variant: name, sinkUrl } = childArgument() as CheckRequest;
const variant = await openVariant(name, sinkUrl);
const ask = async (path: string, init?: RequestInit): Promise<unknown> =>
  (await fetch(`${sinkUrl}${path}`, init)).json();
/** What has arrived when nothing more comes: not everybody's flush waits for what is on its way. */
const delivered = async (): Promise<SentSpan[]> => {
  for (let last = -1; ; await sleep(SETTLE_MS)) {
    await variant.flush();
    const spans = (await ask("/spans")) as SentSpan[];
    if (spans.length === last) return spans;
    last = spans.length;
  }
};
const empty = (): Promise<unknown> => ask("/", { method: "DELETE" });

async function countSpans(): Promise<number> {
  await empty();
  const agent = createResearchAgent(5, variant.instruments);
  await variant.around(() => runTask(agent, taskId("measured", 0), 5, variant.callbacks()));
  return (await delivered()).length;
}

async function checkPlacement(): Promise<Checks["placement"]> {
  // Those who bring no provider of their own meet one of the host's.
  if (!trace.getTracer("host").startSpan("probe", {}, ROOT_CONTEXT).isRecording()) createProvider([]);
  await variant.flush();
  await empty();
  const agent = createResearchAgent(5, variant.instruments);
  const tracer = trace.getTracer("host");
  const requests = await Promise.all(
    Array.from({ length: PLACED_TASKS }, (_, index) =>
      tracer.startActiveSpan(`request ${index}`, {}, ROOT_CONTEXT, async (span): Promise<HostRequest> => {
        const task = taskId("placed", index);
        await variant.around(() => runTask(agent, task, 5, variant.callbacks()));
        span.end();
        const { traceId, spanId } = span.spanContext();
        return { task, traceId, spanId };
      }),
    ),
  );
  const spans = await delivered();
  const ids = new Set(requests.map(({ spanId }) => spanId));
  return {
    spans: spans.filter(({ id }) => !ids.has(id)).length,
    misplaced: misplacedSpans(spans, requests).length,
  };
}

/** The last words of a text, which are the first to be cut, without what a format would write in another way. */
const ending = (text: string): string => text.split(/[^a-z ]+/).findLast((words) => words.length >= 12) ?? text;

async function checkContent(): Promise<Checks["content"]> {
  await empty();
  const agent = createResearchAgent(LONG_STEPS, variant.instruments);
  let messages: BaseMessage[] = [];
  await variant.around(async () => {
    messages = await runTask(agent, taskId("measured", 1), LONG_STEPS, variant.callbacks());
  });
  await delivered();
  const texts = messages.filter((message) => !HumanMessage.isInstance(message)).flatMap(textsOf);
  const cut = (await ask("/missing", { method: "POST", body: JSON.stringify(texts.map(ending)) })) as string[];
  return { texts: texts.length, cut: cut.length };
}

function textsOf({ content }: BaseMessage): string[] {
  if (typeof content === "string") return [content];
  return content.map((block) => String("reasoning" in block ? block["reasoning"] : block["text"]));
}

/** What a message says, without the ids that differ from run to run. */
const said = (message: BaseMessage): unknown[] => [
  message.getType(),
  message.content,
  AIMessage.isInstance(message) ? [message.tool_calls, message.usage_metadata, message.response_metadata] : null,
  ToolMessage.isInstance(message) ? [message.status, message.tool_call_id] : null,
];

class StreamingModel extends ScriptedModel {
  override async *_streamResponseChunks(
    messages: BaseMessage[],
    _options: this["ParsedCallOptions"],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const { generations } = await this._generate(messages);
    const { content, id, usage_metadata } = generations[0]!.message as AIMessage;
    const words =
      JSON.stringify(content)
        .slice(0, 400)
        .match(/.{1,4}/gs) ?? [];
    const pieces = [...words.map((content) => ({ content, id })), { content: "", id, usage_metadata }];
    for (const fields of pieces) {
      const chunk = new ChatGenerationChunk({ text: fields.content, message: new AIMessageChunk(fields as never) });
      // A burst in one turn of the event loop loses pieces even with nobody watching.
      await sleep(PIECE_MS);
      yield chunk;
      await run?.handleLLMNewToken(fields.content, undefined, undefined, undefined, undefined, { chunk });
    }
  }
}

const events = [
  "handleChatModelStart",
  "handleLLMNewToken",
  "handleLLMEnd",
  "handleToolStart",
  "handleToolEnd",
] as const;

/** The user's own handler, which counts what it hears. */
class Listener extends BaseCallbackHandler {
  override name = "listener";
  readonly heard: Record<string, number> = {};
}
for (const event of [...events, "handleChainStart", "handleChainEnd"]) {
  (Listener.prototype as unknown as Record<string, unknown>)[event] = function (this: Listener): void {
    this.heard[event] = (this.heard[event] ?? 0) + 1;
  };
}

async function watchBehaviour(): Promise<Checks["behaviour"]> {
  const { middleware } = variant.instruments;
  const input = (index: number) => ({ messages: [new HumanMessage(question(taskId("measured", index)))] });
  const digest = (value: unknown): string =>
    createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
  const seen: Record<string, string> = {};
  await variant.around(async () => {
    const agent = createResearchAgent(5, variant.instruments);
    seen["result"] = digest((await runTask(agent, taskId("measured", 2), 5, variant.callbacks())).map(said));
  });
  await variant.around(async () => {
    const listener = new Listener();
    const agent = createAgent({ model: new StreamingModel(0), tools: [], middleware });
    const callbacks = [listener, ...variant.callbacks()] as never;
    const chunks: unknown[] = [];
    for await (const [message] of await agent.stream(input(3), { streamMode: "messages", callbacks })) {
      chunks.push(message.content);
    }
    seen["streamed pieces"] = `${chunks.length} ${digest(chunks)}`;
    await awaitAllCallbacks();
    seen["user's callbacks"] = JSON.stringify(
      Object.entries(listener.heard).filter(([event]) => !event.includes("Chain")),
    );
  });
  await variant.around(async () => {
    const failing = ["search_web", "read_page", "take_note"].map((name) =>
      tool(() => Promise.reject(new Error(`${name} failed`)), { name, description: name, schema: z.looseObject({}) }),
    );
    const agent = createAgent({ model: new ScriptedModel(1), tools: failing, middleware });
    const outcome = await agent.invoke(input(4), { callbacks: variant.callbacks() as never }).then(
      ({ messages }) => messages.map(said),
      (error: Error) => [error.name, error.message],
    );
    seen["failing tools"] = digest(outcome);
  });
  await delivered();
  return seen;
}

const checks: Checks = {
  spansPerTask: await countSpans(),
  placement: await checkPlacement(),
  content: await checkContent(),
  behaviour: await watchBehaviour(),
};
await variant.close();
process.send?.(checks, () => process.exit());
