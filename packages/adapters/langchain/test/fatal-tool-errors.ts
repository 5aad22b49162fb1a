import { createMiddleware } from "langchain";
import type { AgentMiddleware } from "langchain";

/** A user's own middleware by which a tool's exception ends the run: any that wraps tool calls and lets it through. */
export const fatalToolErrors = (): AgentMiddleware =>
  createMiddleware({ name: "fatal", wrapToolCall: (request, handler) => handler(request) }) as AgentMiddleware;
