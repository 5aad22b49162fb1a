import { createRandom } from "../measure/random.ts";
import { writeProse } from "../measure/prose.ts";

/** One span of a made-up agent run, before it is encoded. */
export interface LoadSpan {
  /** Counts the runs of a load. */
  run: number;
  /** Counts the spans of a load. */
  id: number;
  parentId: number | undefined;
  kind: "run" | "inference" | "tool";
  name: string;
  failed: boolean;
  startMs: number;
  endMs: number;
  attributes: Record<string, string | number | boolean | string[]>;
  tokens: Tokens;
}

/** Four disjoint counts, and the part of `output` that was reasoning: as the collector stores them. */
export interface Tokens {
  input: number;
  cacheRead: number;
  cacheWrite: number;
  output: number;
  reasoning: number;
}

export const noTokens: Tokens = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };

const AGENTS = ["support-triage", "code-reviewer", "research", "billing-bot", "ops-oncall", "data-analyst"];
const MODELS = [
  ["openai", "gpt-5-mini"],
  ["anthropic", "claude-sonnet-4-5"],
  ["openai", "gpt-5"],
  ["google", "gemini-2.5-pro"],
] as const;
const TOOLS = ["search_docs", "http_get", "sql_query", "read_file", "run_tests", "vector_search"];
const FAILURE_SHARE = 0.02;
/** The runs of one load begin within this time, so that their spans mix. */
const BEGIN_WITHIN_MS = 30_000;

/** Exactly `count` spans of whole runs of 10 to 22 spans, in order of their ends, as an exporter would send them. */
export function makeAgentRuns(count: number, seed: number, withContent: boolean): LoadSpan[] {
  const random = createRandom(seed);
  const spans: LoadSpan[] = [];
  for (let run = 0; spans.length < count; run++) {
    const left = count - spans.length;
    const wanted = 10 + Math.floor(random() * 13);
    // The last run takes what is left, rather than leave a run without its root.
    spans.push(...makeRun(run, spans.length, left - wanted < 10 ? left : wanted, random, withContent));
  }
  return spans.sort((a, b) => a.endMs - b.endMs || b.id - a.id);
}

type Random = () => number;
const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
const between = (random: Random, low: number, high: number): number => low + Math.floor(random() * (high - low + 1));

function makeRun(run: number, firstId: number, count: number, random: Random, withContent: boolean): LoadSpan[] {
  const agent = pick(random, AGENTS);
  const everywhere = {
    "gen_ai.agent.name": agent,
    "gen_ai.agent.version": `1.${AGENTS.indexOf(agent)}`,
    "gen_ai.conversation.id": `conversation-${firstId}-${Math.floor(random() * 2 ** 32).toString(16)}`,
    "runreel.framework": "langchain",
    "user.id": `user-${between(random, 1, 5000)}`,
    "deployment.ring": pick(random, ["canary", "stable"]),
    "app.request.id": Math.floor(random() * 2 ** 48).toString(16),
  };
  const begin = Math.floor(random() * BEGIN_WITHIN_MS);
  const question = writeProse(random, 300);
  const root: LoadSpan = {
    run,
    id: firstId,
    parentId: undefined,
    kind: "run",
    name: `invoke_agent ${agent}`,
    failed: false,
    startMs: begin,
    endMs: begin,
    attributes: {
      ...everywhere,
      "gen_ai.operation.name": "invoke_agent",
      "runreel.run.name": agent,
      ...(withContent ? { "gen_ai.input.messages": messages("user", question) } : {}),
    },
    tokens: noTokens,
  };
  const spans = [root];
  for (let at = begin + 3; spans.length < count;) {
    const id = firstId + spans.length;
    const step = id % 3 === 0 ? makeInference(random, question, withContent) : makeTool(random, id, withContent);
    const startMs = at;
    at += step.durationMs;
    spans.push({
      run,
      id,
      parentId: firstId,
      startMs,
      endMs: at,
      ...step,
      attributes: { ...everywhere, ...step.attributes },
    });
    at += 2;
    root.endMs = at;
  }
  return spans;
}

const messages = (role: string, ...contents: string[]): string =>
  JSON.stringify(contents.map((content) => ({ role, parts: [{ type: "text", content }] })));

type Step = Omit<LoadSpan, "run" | "id" | "parentId" | "startMs" | "endMs"> & { durationMs: number };

function makeInference(random: Random, question: string, withContent: boolean): Step {
  const [provider, model] = pick(random, MODELS);
  const cacheRead = random() < 0.5 ? between(random, 0, 3000) : 0;
  const cacheWrite = provider === "anthropic" && random() < 0.5 ? between(random, 100, 2000) : 0;
  const input = between(random, 300, 4000);
  const output = between(random, 20, 600);
  const reasoning = random() < 0.4 ? Math.floor(output / 2) : 0;
  return {
    kind: "inference",
    name: `chat ${model}`,
    failed: false,
    durationMs: between(random, 300, 4000),
    tokens: { input, cacheRead, cacheWrite, output, reasoning },
    attributes: {
      "gen_ai.operation.name": "chat",
      "runreel.step.kind": "inference",
      "runreel.step.name": model,
      "gen_ai.provider.name": provider,
      "gen_ai.request.model": model,
      "gen_ai.response.model": model,
      "gen_ai.response.id": `response-${Math.floor(random() * 2 ** 48).toString(16)}`,
      "gen_ai.response.finish_reasons": [random() < 0.6 ? "tool_calls" : "stop"],
      "gen_ai.request.max_tokens": 4096,
      "gen_ai.usage.input_tokens": input + cacheRead + cacheWrite,
      "gen_ai.usage.cache_read.input_tokens": cacheRead,
      ...(cacheWrite > 0 ? { "gen_ai.usage.cache_creation.input_tokens": cacheWrite } : {}),
      "gen_ai.usage.output_tokens": output,
      "gen_ai.usage.reasoning.output_tokens": reasoning,
      ...(withContent
        ? {
            "gen_ai.input.messages": messages("user", question, writeProse(random, between(random, 1000, 2400))),
            "gen_ai.output.messages": messages("assistant", writeProse(random, between(random, 300, 1500))),
          }
        : {}),
    },
  };
}

function makeTool(random: Random, id: number, withContent: boolean): Step {
  const tool = pick(random, TOOLS);
  const failed = random() < FAILURE_SHARE;
  return {
    kind: "tool",
    name: `execute_tool ${tool}`,
    failed,
    durationMs: between(random, 10, 900),
    tokens: noTokens,
    attributes: {
      "gen_ai.operation.name": "execute_tool",
      "runreel.step.kind": "tool",
      "runreel.step.name": tool,
      "runreel.effect": "read",
      "gen_ai.tool.name": tool,
      "gen_ai.tool.call.id": `call_${id.toString(36)}`,
      "gen_ai.tool.type": "function",
      ...(failed ? { "error.type": "Timeout" } : {}),
      ...(withContent
        ? {
            "gen_ai.tool.call.arguments": JSON.stringify({
              query: writeProse(random, between(random, 60, 300)),
              limit: 10,
            }),
            "gen_ai.tool.call.result": writeProse(random, between(random, 1200, 3600)),
          }
        : {}),
    },
  };
}
