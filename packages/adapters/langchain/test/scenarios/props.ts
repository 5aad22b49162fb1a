// What many of the programs use.
import { Document } from "@langchain/core/documents";
import { HumanMessage } from "@langchain/core/messages";

import type { BaseMessage } from "@langchain/core/messages";
import { BaseRetriever } from "@langchain/core/retrievers";
import { createAgent, tool } from "langchain";
import { z } from "zod";

import { ScriptedModel } from "../scripted-model.ts";
import type { ScriptedAnswer } from "../scripted-model.ts";
import type { Ours } from "./scenario.ts";

export const go = (): { messages: BaseMessage[] } => ({ messages: [new HumanMessage({ content: "go", id: "h" })] });

export const look = tool(
  ({ at }: { at: string }, runtime: { writer?: ((chunk: unknown) => void) | null }) => {
    runtime.writer?.({ looking: at });
    return `saw ${at}`;
  },
  {
    name: "look",
    description: "Looks",
    schema: z.object({ at: z.string() }),
  },
);

export const broken = tool(
  (): string => {
    throw new RangeError("out of range");
  },
  { name: "broken", description: "Fails", schema: z.object({}) },
);

/** A tool that fails before it works. */
export function flaky(failures: number): ReturnType<typeof tool> {
  let left = failures;
  return tool(() => (left-- > 0 ? Promise.reject(new Error("busy")) : "fine"), {
    name: "flaky",
    description: "Flaky",
    schema: z.object({}),
  }) as unknown as ReturnType<typeof tool>;
}

/** A model that looks at two things at once and then answers. */
export const looker = (answer = "done"): ScriptedModel =>
  new ScriptedModel([
    { reasoning: "look twice", text: "I look.", tools: [call("look", { at: "a" }), call("look", { at: "b" })] },
    { text: answer },
  ]);

export const says = (...script: (ScriptedAnswer | string)[]): ScriptedModel =>
  new ScriptedModel(script.map((answer) => (typeof answer === "string" ? { text: answer } : answer)));

export const call = (
  name: string,
  args: Record<string, unknown> = {},
): { name: string; args: Record<string, unknown> } => ({
  name,
  args,
});

export const config = (callbacks: unknown[], thread?: string): object => ({
  callbacks,
  ...(thread === undefined ? {} : { configurable: { thread_id: thread } }),
  recursionLimit: 12,
});

/** For where types of the host do not fit one another, which they often do not where optional properties are exact. */
export const loose = (value: unknown): never => value as never;

/** As much of an agent of `createAgent` as the programs use; its own type takes long to work out and fits few options. */
export interface Agent {
  invoke(input: unknown, config?: object): Promise<{ messages: BaseMessage[] }>;
  stream(input: unknown, config: object): Promise<AsyncIterable<unknown>>;
  streamEvents(input: unknown, config: object): AsyncIterable<unknown> | Promise<AsyncIterable<unknown>>;
  graph: never;
}

/** An agent with what watches it, ours last. */
export function agentOf({ middleware }: Ours, fields: Record<string, unknown>): Agent {
  const own = (fields["middleware"] ?? []) as unknown[];
  const agent = createAgent(loose({ name: "scout", tools: [look], ...fields, middleware: [...own, ...middleware] }));
  return agent as unknown as Agent;
}

/** The earliest saved state whose next node is this one. */
export async function stateBefore(graph: unknown, node: string, thread: string): Promise<object> {
  const saved = graph as {
    getStateHistory(config: object): AsyncIterable<{ next: string[]; config: object }>;
  };
  let found: object = {};
  for await (const state of saved.getStateHistory(config([], thread)))
    if (state.next.includes(node)) found = state.config;
  return found;
}

/** A retriever with something about everything. */
export class Shelf extends BaseRetriever {
  lc_namespace = ["tests"];
  readonly error: Error | undefined;
  constructor(error?: Error) {
    super();
    this.error = error;
  }
  override async _getRelevantDocuments(query: string): Promise<Document[]> {
    if (this.error !== undefined) throw this.error;
    return [new Document({ pageContent: `all about ${query}`, metadata: { shelf: 3 } })];
  }
}
