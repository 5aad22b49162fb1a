import type { Run, RunDetail, Step, Tokens } from "../answers.ts";

const tokens = (input: number, cacheRead: number, output: number, reasoning: number): Tokens => ({
  input,
  cacheRead,
  cacheWrite: 0,
  output,
  reasoning,
});

export const noTokens: Tokens = { input: null, cacheRead: null, cacheWrite: null, output: null, reasoning: null };

/** A step of which only what a test is about has to be said. */
export function stepWith(facts: Partial<Step> & Pick<Step, "index" | "kind" | "name">): Step {
  return {
    spanId: `00000000000000${String(facts.index).padStart(2, "0")}`,
    parentIndex: null,
    arguments: null,
    result: null,
    reasoning: null,
    error: null,
    effect: "unknown",
    status: facts.error ? "error" : "ok",
    startTime: "2026-11-21T04:12:33.100000000Z",
    durationMs: 2.4,
    tokens: null,
    costUsd: null,
    model: null,
    callId: null,
    finishReason: null,
    served: "live",
    truncated: false,
    contentMissing: false,
    ...facts,
  };
}

/** A run of which only what a test is about has to be said. */
export function runWith(facts: Partial<Run>): Run {
  return {
    runId: "0af7651916cd43dd8448eb211c80319c",
    name: "ticket-scout",
    agent: { name: "ticket-scout", version: null },
    framework: "langchain",
    service: "ticket-scout",
    processId: null,
    status: "error",
    startTime: "2026-11-21T04:12:33.000000000Z",
    endTime: "2026-11-21T04:12:34.240000000Z",
    durationMs: 1240,
    heardAt: null,
    spans: 8,
    steps: 7,
    inferences: 3,
    toolCalls: 4,
    errors: 2,
    models: ["gpt-5-mini"],
    tokens: tokens(2180, 1024, 312, 180),
    costUsd: "0.001214500000",
    error: {
      name: "RangeError",
      message: 'No exchange rate for "kr": expected an ISO 4217 code, one of EUR, NOK, SEK',
    },
    conversationId: "trip-2027",
    replayId: null,
    replayOf: null,
    divergence: null,
    findings: 0,
    content: "kept",
    keptBecause: "everything",
    lostContent: null,
    ...facts,
  };
}

const answer = (...calls: { name: string; arguments: unknown }[]): unknown => ({
  role: "assistant",
  parts: calls.map((call, at) => ({ type: "tool_call", id: `call_${at}`, ...call })),
});

/** A failed run of seven steps, as `GET /api/runs/{runId}` answers it. */
export const failedRun: RunDetail = {
  run: runWith({}),
  steps: [
    stepWith({
      index: 1,
      kind: "inference",
      name: "gpt-5-mini",
      reasoning:
        "I need three facts: the price, the dates and the place. Two searches can run side by side, one for tickets and one for the venue.",
      result: answer(
        { name: "search_web", arguments: { query: "Nordic Compiler Days 2027 tickets price" } },
        { name: "search_web", arguments: { query: "Nordic Compiler Days 2027 venue" } },
      ),
      tokens: tokens(612, 0, 118, 33),
      costUsd: "0.000389000000",
      durationMs: 162.4,
    }),
    stepWith({
      index: 2,
      kind: "tool",
      name: "search_web",
      effect: "read",
      arguments: { query: "Nordic Compiler Days 2027 tickets price" },
      result:
        '[{"url":"https://nordic-compiler-days.example/2027/tickets","title":"Tickets · Nordic Compiler Days 2027","snippet":"Tickets for Nordic Compiler Days 2027. Early bird until 15 January 2027: kr 4…"}]',
    }),
    stepWith({
      index: 3,
      kind: "tool",
      name: "convert_currency",
      effect: "none",
      arguments: { amount: 4950, from: "kr", to: "EUR" },
      durationMs: 0.4,
      error: {
        name: "RangeError",
        message: 'No exchange rate for "kr": expected an ISO 4217 code, one of EUR, NOK, SEK',
        stack:
          'RangeError: No exchange rate for "kr"\n    at rateOf (/home/ada/agent/tools.ts:71:11)\n    at convert (/home/ada/agent/tools.ts:52:38)\n    at DynamicStructuredTool.func (/home/ada/agent/node_modules/langchain/dist/tools.js:1:1)\n    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)',
      },
    }),
  ],
  spans: [],
  findings: [],
};
