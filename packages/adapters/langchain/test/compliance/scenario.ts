// One agent, run with and without us, and everything that its user can see of it.
import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { HumanMessage } from "@langchain/core/messages";
import type { BaseMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { createAgent, tool } from "langchain";
import type { AgentMiddleware } from "langchain";
import { z } from "zod";

import { ScriptedModel } from "../scripted-model.ts";
import type { ScriptedAnswer } from "../scripted-model.ts";
import { plain } from "../scenarios/plain.ts";
import { UserCallbacks } from "../user-callbacks.ts";

export interface Scenario {
  script: ScriptedAnswer[];
  /** The user's own middleware. */
  middleware?: () => unknown[];
  /** Replaces the tool `look`. */
  look?: (args: { at: string }) => unknown;
  streamMode?: "values" | "updates" | "messages" | "custom" | "tasks";
  withSaver?: boolean;
  inputs?: unknown[];
}

/** What a user sees: results, errors, chunks, events of their own callbacks, the order of calls, the saved history. */
export interface Seen {
  outcome: unknown;
  chunks: unknown[];
  events: string[];
  calls: string[];
  history: unknown[];
}

export async function see(
  scenario: Scenario,
  ours: { middleware?: AgentMiddleware; callbacks?: BaseCallbackHandler },
): Promise<Seen> {
  const calls: string[] = [];
  const look = tool(
    (args: { at: string }) => {
      calls.push(`look ${args.at}`);
      return scenario.look === undefined ? `saw ${args.at}` : (scenario.look(args) as string);
    },
    { name: "look", description: "Looks", schema: z.object({ at: z.string() }) },
  );
  const model = new ScriptedModel(scenario.script);
  const middleware = [...(scenario.middleware?.() ?? []), ...(ours.middleware === undefined ? [] : [ours.middleware])];
  const agent = createAgent({
    model,
    tools: [look],
    middleware: middleware as never,
    ...(scenario.withSaver === true ? { checkpointer: new MemorySaver() } : {}),
  });
  const user = new UserCallbacks();
  const config: object = {
    callbacks: [user, ...(ours.callbacks === undefined ? [] : [ours.callbacks])],
    configurable: { thread_id: "t" },
    recursionLimit: 12,
  };
  const chunks: unknown[] = [];
  let outcome: unknown;
  for (const input of scenario.inputs ?? [{ messages: [new HumanMessage({ content: "go", id: "h" })] }]) {
    try {
      if (scenario.streamMode === undefined) outcome = plain(await agent.invoke(input as never, config as never));
      else {
        const stream = await agent.stream(input as never, { ...config, streamMode: scenario.streamMode } as never);
        for await (const chunk of stream) chunks.push(plain(chunk));
      }
    } catch (error) {
      const { name, message, constructor } = error as Error;
      outcome = { name, message, class: constructor.name, status: (error as { status?: unknown }).status };
    }
  }
  calls.push(
    ...model.requests.map((request) => `asked ${request.map((message: BaseMessage) => message.getType()).join()}`),
  );
  const history: unknown[] = [];
  if (scenario.withSaver === true) {
    for await (const state of agent.graph.getStateHistory(config)) history.push([state.next, plain(state.values)]);
  }
  return { outcome, chunks, events: user.events, calls, history };
}
