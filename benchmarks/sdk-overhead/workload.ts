import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import type { AIMessageFields, BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { createAgent, tool } from "langchain";
import type { AgentMiddleware } from "langchain";
import { z } from "zod";
import { createRandom } from "../measure/random.ts";
import { writeProse } from "../measure/prose.ts";
import { pause } from "./latency.ts";
import type { Latency } from "./latency.ts";
import { TOOL_CALLS_PER_STEP } from "./task-size.ts";

const CORPUS_CHARACTERS = 4_000_000;
const corpus = writeProse(createRandom(11), CORPUS_CHARACTERS);

/** A piece of the corpus that depends on `key` alone, so that no two calls return the same text and no variant gets other texts. */
function excerpt(key: string, shortest: number, longest: number): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193) >>> 0;
  const length = shortest + (hash % (longest - shortest + 1));
  const from = Math.imul(hash, 0x9e3779b1) >>> 0;
  const at = from % (CORPUS_CHARACTERS - length);
  return corpus.slice(at, at + length);
}

/** Plans `steps` times three tool calls, then sums up. Without a latency, what is left is the cost of the host and of who watches it. */
export class ScriptedModel extends BaseChatModel {
  readonly steps: number;
  readonly latency: Latency | undefined;

  constructor(steps: number, latency?: Latency) {
    super({});
    this.steps = steps;
    this.latency = latency;
  }

  _llmType(): string {
    return "scripted";
  }

  override bindTools(): this {
    return this;
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const task = messages.find((message) => HumanMessage.isInstance(message))?.text.slice(0, 24) ?? "";
    const step = messages.filter((message) => AIMessage.isInstance(message)).length;
    const message = step < this.steps ? plan(task, step) : summary(task, step);
    if (this.latency !== undefined) await pause(this.latency, "modelMs", `${task}/${step}`);
    return { generations: [{ text: message.text, message }], llmOutput: {} };
  }
}

function plan(task: string, step: number): AIMessage {
  const key = `${task}/${step}`;
  const call = (index: number, name: string, args: Record<string, unknown>) => ({
    type: "tool_call" as const,
    id: `call_${key}_${index}`,
    name,
    args,
  });
  return createAnswer({
    id: `msg_${key}`,
    content: answer(key),
    tool_calls: [
      call(0, "search_web", { query: `${key} ${excerpt(`${key}q`, 60, 120)}`, limit: 10 }),
      call(1, "read_page", { url: `https://example.test/${key}`, section: excerpt(`${key}s`, 20, 40) }),
      call(2, "take_note", { title: `Note on ${key}`, text: excerpt(`${key}n`, 150, 300) }),
    ],
    ...reported(step, "tool_calls"),
  });
}

const summary = (task: string, step: number): AIMessage =>
  createAnswer({ id: `msg_${task}/${step}`, content: answer(`${task}/${step}`), ...reported(step, "stop") });

/** The published type of `usage_metadata` comes out as never (core 1.2.13), hence the detour. */
const createAnswer = (fields: object): AIMessage => new AIMessage(fields as AIMessageFields);

const answer = (key: string) => [
  { type: "reasoning" as const, reasoning: excerpt(`${key}r`, 600, 1200) },
  { type: "text" as const, text: excerpt(`${key}t`, 150, 400) },
];

function reported(step: number, finishReason: string) {
  const input = 900 + step * 1400;
  return {
    usage_metadata: {
      input_tokens: input,
      output_tokens: 420,
      total_tokens: input + 420,
      input_token_details: { cache_read: step === 0 ? 0 : input - 1400 },
      output_token_details: { reasoning: 180 },
    },
    response_metadata: { model_provider: "openai", model_name: "gpt-5-mini", finish_reason: finishReason },
  };
}

const found = ({ query, limit }: { query: string; limit: number }): string =>
  `${limit} results for ${query}\n${excerpt(query, 1000, 2000)}`;
const read = ({ url, section }: { url: string; section: string }): string =>
  `${url} ${section}\n${excerpt(url, 1000, 2000)}`;
const noted = ({ title, text }: { title: string; text: string }): string =>
  `${title}: ${text}\n${excerpt(title, 800, 1500)}`;

function createTools(latency: Latency | undefined) {
  const answering =
    <T>(answer: (input: T) => string) =>
    async (input: T): Promise<string> => {
      const text = answer(input);
      if (latency !== undefined) await pause(latency, "toolMs", text);
      return text;
    };
  return [
    tool(answering(found), {
      name: "search_web",
      description: "Searches the web and returns the most relevant passages.",
      schema: z.object({ query: z.string(), limit: z.number().int() }),
    }),
    tool(answering(read), {
      name: "read_page",
      description: "Reads one section of a page as text.",
      schema: z.object({ url: z.string(), section: z.string() }),
    }),
    tool(answering(noted), {
      name: "take_note",
      description: "Keeps a note and returns all notes that touch on it.",
      schema: z.object({ title: z.string(), text: z.string() }),
    }),
  ];
}

/** What a variant adds to the agent. */
export interface Instruments {
  middleware: AgentMiddleware[];
  checkpointer?: BaseCheckpointSaver;
}

/** The research agent: `createAgent` with tools and a model that take no time, or the time that is asked for. */
export function createResearchAgent(steps: number, { middleware, checkpointer }: Instruments, latency?: Latency) {
  return createAgent({
    model: new ScriptedModel(steps, latency),
    tools: createTools(latency),
    name: "research",
    systemPrompt: excerpt("system", 900, 900),
    middleware,
    ...(checkpointer === undefined ? {} : { checkpointer }),
  });
}

export type ResearchAgent = ReturnType<typeof createResearchAgent>;

/** Ids are as long as one another, and told from whatever follows them. */
export const taskId = (label: "measured" | "placed" | "warmup", index: number): string =>
  `${label}-${String(index).padStart(3, "0")}`;

export const question = (id: string): string => `task ${id.padEnd(18, ".")} ${excerpt(id, 200, 400)}`;

/** Runs one task to its end and makes sure that the agent did all its work. Resolves with what the agent had to say. */
export async function runTask(
  agent: ResearchAgent,
  id: string,
  steps: number,
  callbacks: object[],
): Promise<BaseMessage[]> {
  const { messages } = await agent.invoke(
    { messages: [new HumanMessage(question(id))] },
    {
      recursionLimit: steps * 8 + 20,
      configurable: { thread_id: id },
      ...(callbacks.length === 0 ? {} : { callbacks }),
    },
  );
  const expected = 2 + steps * (1 + TOOL_CALLS_PER_STEP);
  if (messages.length !== expected)
    throw new Error(`Task ${id} has ${messages.length} messages instead of ${expected}.`);
  return messages;
}
