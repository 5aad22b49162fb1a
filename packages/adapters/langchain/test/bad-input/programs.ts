// Programs of LangChain into which a value comes that resists being recorded, each by another door.
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import type { BaseMessage, ToolMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { RunnableLambda } from "@langchain/core/runnables";
import { Annotation, MemorySaver, MessagesAnnotation, StateGraph } from "@langchain/langgraph";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import { tool } from "langchain";
import { z } from "zod";

import { agentOf, call, config, go, loose, says } from "../scenarios/props.ts";
import { agentWays, callbacksOnly } from "../scenarios/scenario.ts";
import type { Ours, Way } from "../scenarios/scenario.ts";
import { ScriptedModel } from "../scripted-model.ts";

export interface Program {
  ways: readonly Way[];
  /** The ways in which the value itself reaches us, and its record shows it. By the others, the host has made a text of it before. */
  showsBy: readonly Way[];
  /** Large values are tried here too: the host makes no text of them. */
  takesLarge?: true;
  /** Tells `see` of all that its user can see. */
  run: (value: unknown, ours: Ours, see: (seen: unknown) => void) => Promise<unknown>;
}

const taking = (name: string, take: (args: { value?: unknown }) => unknown, fields: object = {}): unknown =>
  tool(take as never, { name, description: "Takes", schema: z.object({ value: z.any().optional() }), ...fields });

/** Asks for a tool once. */
const asks = (name: string, args: Record<string, unknown> = {}): ScriptedModel =>
  says({ tools: [call(name, args)] }, "done");

const results = ({ messages }: { messages: BaseMessage[] }): ToolMessage[] =>
  messages.filter((message): message is ToolMessage => message.getType() === "tool");

/** Answers with the value in everything that an answer may hold. */
class OddModel extends ScriptedModel {
  readonly #value: unknown;
  constructor(value: unknown) {
    super([]);
    this.#value = value;
  }
  override async _generate(): Promise<ChatResult> {
    const odd = { odd: this.#value };
    const content = [
      { type: "text", text: "odd" },
      { type: "odd", ...odd },
    ];
    const message = new AIMessage(loose({ id: "odd", content, additional_kwargs: odd, response_metadata: odd }));
    return { generations: [{ message, text: "odd" }] };
  }
}

const State = Annotation.Root({ value: Annotation<unknown>, log: Annotation<string> });
const graphOf = () =>
  new StateGraph(State).addNode("pass", ({ value }) => ({ value, log: "passed" })).addEdge("__start__", "pass");

export const programs: Record<string, Program> = {
  "a tool's arguments": {
    ways: agentWays,
    showsBy: ["middleware", "both"],
    run: async (value, ours, see) => {
      const take = taking("take", (args) => (see(args.value === value), "taken"));
      const end = await agentOf(ours, { model: asks("take", { value }), tools: [take] }).invoke(
        go(),
        config(ours.callbacks),
      );
      for (const { content } of results(end)) see(content);
    },
  },
  "a tool's result": {
    ways: agentWays,
    showsBy: [],
    run: async (value, ours, see) => {
      const give = taking("give", () => value);
      const end = await agentOf(ours, { model: asks("give"), tools: [give] }).invoke(go(), config(ours.callbacks));
      for (const { content } of results(end)) see(content);
    },
  },
  "a tool's artifact": {
    ways: agentWays,
    showsBy: agentWays,
    run: async (value, ours, see) => {
      const give = taking("give", () => ["given", value], { responseFormat: "content_and_artifact" });
      const end = await agentOf(ours, { model: asks("give"), tools: [give] }).invoke(go(), config(ours.callbacks));
      for (const { content, artifact } of results(end)) {
        see(content);
        see(artifact === value);
      }
    },
  },
  "what a tool throws": {
    ways: agentWays,
    showsBy: [],
    run: async (value, ours, see) => {
      const fail = taking("fail", () => {
        throw value;
      });
      const end = await agentOf(ours, { model: asks("fail"), tools: [fail] }).invoke(go(), config(ours.callbacks));
      for (const { content, status } of results(end)) {
        see(content);
        see(status);
      }
    },
  },
  "a message of the user": {
    ways: agentWays,
    showsBy: agentWays,
    run: async (value, ours, see) => {
      const content = [
        { type: "text", text: "odd" },
        { type: "odd", value },
      ];
      const asked = new HumanMessage(loose({ id: "h", content, additional_kwargs: { value } }));
      const end = await agentOf(ours, { model: says("done") }).invoke({ messages: [asked] }, config(ours.callbacks));
      const kept = end.messages[0]!;
      see(kept.additional_kwargs["value"] === value);
      see((kept.content as { value?: unknown }[])[1]?.value === value);
    },
  },
  "an answer of the model": {
    ways: agentWays,
    showsBy: agentWays,
    run: async (value, ours, see) => {
      const end = await agentOf(ours, { model: new OddModel(value) }).invoke(go(), config(ours.callbacks));
      const answer = end.messages.at(-1)!;
      see([answer.additional_kwargs["odd"] === value, answer.response_metadata["odd"] === value, answer.text]);
    },
  },
  "metadata and configuration": {
    ways: agentWays,
    showsBy: [],
    run: async (value, ours, see) => {
      const odd = { metadata: { odd: value, list: [value] }, configurable: { odd: value } };
      const told = taking("tell", (_: unknown, ...rest: unknown[]) => {
        const { configurable } = rest[0] as { configurable?: Record<string, unknown> };
        return String(configurable?.["odd"] === value);
      });
      const agent = agentOf(ours, { model: asks("tell"), tools: [told] });
      for (const { content } of results(await agent.invoke(go(), { ...config(ours.callbacks), ...odd }))) see(content);
    },
  },
  "the state of a graph": {
    ways: callbacksOnly,
    showsBy: callbacksOnly,
    takesLarge: true,
    run: async (value, ours, see) => {
      const end = await graphOf()
        .compile()
        .invoke({ value }, loose(config(ours.callbacks)));
      see([end.value === value, end.log]);
    },
  },
  "a state that is saved": {
    ways: callbacksOnly,
    showsBy: callbacksOnly,
    run: async (value, ours, see) => {
      const graph = graphOf().compile({ checkpointer: ours.saver(new MemorySaver()) });
      const end = await graph.invoke({ value }, loose(config(ours.callbacks, "odd")));
      see([end.value === value, end.log]);
      see((await graph.getState(loose(config([], "odd")))).values);
    },
  },
  "a call in a ToolNode": {
    ways: callbacksOnly,
    showsBy: [],
    run: async (value, ours, see) => {
      const take = taking("take", (args) => (see(args.value === value), [args.value]));
      const ask = new AIMessage({ content: "", id: "a", tool_calls: [{ id: "1", name: "take", args: { value } }] });
      const graph = new StateGraph(MessagesAnnotation)
        .addNode("tools", new ToolNode([take as never]))
        .addEdge("__start__", "tools")
        .compile();
      const end = await graph.invoke({ messages: [ask] }, loose(config(ours.callbacks)));
      for (const { content } of results(end)) see(content);
    },
  },
  "what a chain takes and gives": {
    ways: callbacksOnly,
    showsBy: callbacksOnly,
    run: async (value, ours, see) => {
      const chain = RunnableLambda.from(({ given }: { given: unknown }) => [given]);
      see((await chain.invoke({ given: value }, config(ours.callbacks)))[0] === value);
    },
  },
};
