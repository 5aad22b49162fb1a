import type { ForeignName } from "./dialects/index.ts";

/** What the name of a scope tells of all its spans. */
export interface Emitter {
  /** The dialect it writes, whatever other keys stand beside; undefined where only the keys tell. */
  dialect: ForeignName | "genai" | undefined;
  /** A tool span of this name is no run of a tool. */
  phantomTool: string;
  /** `gen_ai.server.time_to_first_token` is in milliseconds, elsewhere in seconds. */
  firstTokenInMs: boolean;
  /** A streamed call is two spans: one without usage and answer, and one that has both. */
  reportsStreamsApart: boolean;
}

export const unknownEmitter: Emitter = {
  dialect: undefined,
  phantomTool: "",
  firstTokenInMs: false,
  reportsStreamsApart: false,
};

/** By the beginning of the scope's name; the first that fits. */
const emitters: readonly (readonly [string, Partial<Emitter>])[] = [
  ["openinference.instrumentation.smolagents", { dialect: "openinference", phantomTool: "final_answer" }],
  ["openinference.instrumentation.dspy", { dialect: "openinference", phantomTool: "finish" }],
  ["openinference.", { dialect: "openinference" }],
  ["@arizeai/openinference", { dialect: "openinference" }],
  ["traceloop.", { dialect: "openllmetry" }],
  ["@traceloop/", { dialect: "openllmetry" }],
  ["langfuse-sdk", { dialect: "langfuse" }],
  ["langsmith", { dialect: "langsmith" }],
  ["logfire.openai", { dialect: "logfire", reportsStreamsApart: true }],
  ["logfire", { dialect: "logfire" }],
  ["mlflow.", { dialect: "mlflow" }],
  ["pydantic-ai", { dialect: "pydantic-ai" }],
  ["gcp.vertex.agent", { dialect: "genai", phantomTool: "(merged tools)" }],
  ["strands", { dialect: "genai", firstTokenInMs: true }],
  ["com.anthropic.sdk", { dialect: "genai" }],
  // Version 7 of the AI SDK.
  ["gen_ai", { dialect: "genai" }],
];

/** Looked up once for each scope of a request. */
export function emitterOf(scope: string): Emitter {
  if (scope === "ai") return { ...unknownEmitter, dialect: "vercel" };
  const known = emitters.find(([start]) => scope.startsWith(start));
  return known === undefined ? unknownEmitter : { ...unknownEmitter, ...known[1] };
}
