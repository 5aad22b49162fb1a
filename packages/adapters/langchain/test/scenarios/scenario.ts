// A program as people write it on LangChain, and what has to arrive of it.
import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import type { AgentMiddleware } from "langchain";
import type { ExpectStatic } from "vitest";

import type { ArrivedSpan } from "./arrived.ts";

/** How a program is watched. */
export type Way = "middleware" | "callbacks" | "both";

/** What a program hangs in: nothing of ours when it runs bare. The user's own callbacks are always among `callbacks`. */
export interface Ours {
  middleware: AgentMiddleware[];
  callbacks: BaseCallbackHandler[];
  saver<Saver extends BaseCheckpointSaver>(saver: Saver): Saver;
}

export interface Scenario {
  /** What the program uses, as a row of the page. */
  title: string;
  /** What a reader should know beside the tree. */
  note?: string;
  /** What older hosts of the matrix tell otherwise. There the tree is not compared, the host is. */
  older?: string;
  /** The ways that apply; only the first program of `createAgent` has middleware. */
  ways: readonly Way[];
  /** Gives everything that its user can see: results, chunks, errors, what servers were asked. */
  program: (ours: Ours) => Promise<unknown>;
  /** The spans that arrive, a line each, indented below their parents. Of each way, or of all. */
  arrives: readonly string[] | Partial<Record<Way, readonly string[]>>;
  /** What no line shows. */
  check?: (arrived: { expect: ExpectStatic; roots: readonly ArrivedSpan[]; way: Way }) => void;
}

export interface ScenarioGroup {
  title: string;
  scenarios: readonly Scenario[];
}

export const scenario = (title: string, ways: Scenario["ways"], rest: Omit<Scenario, "title" | "ways">): Scenario => ({
  title,
  ways,
  ...rest,
});

export const agentWays: readonly Way[] = ["middleware", "callbacks", "both"];
export const callbacksOnly: readonly Way[] = ["callbacks"];
