// One agent, run with and without us, and everything that its user can see of it.
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { HumanMessage } from "@langchain/core/messages";
import type { BaseMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { createAgent, tool } from "langchain";
import type { AgentMiddleware } from "langchain";
import { z } from "zod";

import { ScriptedModel } from "../scripted-model.ts";
import type { ScriptedAnswer } from "../scripted-model.ts";

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

class UserCallbacks extends BaseCallbackHandler {
  override readonly name = "user";
  override awaitHandlers = true;
  readonly events: string[] = [];
  override handleChatModelStart(): void {
    this.events.push("model start");
  }
  override handleLLMNewToken(token: string): void {
    this.events.push(`token ${token}`);
  }
  override handleLLMEnd(): void {
    this.events.push("model end");
  }
  override handleLLMError(error: Error): void {
    this.events.push(`model error ${error.message}`);
  }
  override handleToolStart(_: unknown, input: string): void {
    this.events.push(`tool start ${input}`);
  }
  override handleToolEnd(): void {
    this.events.push("tool end");
  }
  override handleToolError(error: Error): void {
    this.events.push(`tool error ${error.name === "GraphInterrupt" ? "pause" : error.message}`);
  }
  override handleChainError(error: Error): void {
    this.events.push(`chain error ${error.name}`);
  }
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

const random = new Set(["id", "checkpoint_ns", "langgraph_checkpoint_ns", "__pregel_task_id", "run_id"]);

/** Without ids that differ between any two runs, and without the stack that the host puts into the message about wrong arguments. */
function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (key, member: unknown) => {
    if (random.has(key)) return null;
    return typeof member === "string" ? member.replaceAll(/\n +at .*/g, "") : member;
  });
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}
