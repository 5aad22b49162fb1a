import { expect, test } from "vitest";

import { failedRun, noTokens, runWith, stepWith } from "./failed-run.fixture.ts";
import { printRun } from "./step-tree.ts";
import { createSheet } from "./terminal.ts";
import { widthOf } from "./text.ts";

const plain = createSheet({}, {});

test("A failed run shows its steps with reasoning, calls, arguments, results, tokens, cost, time and the error's own frames", () => {
  expect(printRun(failedRun, plain, { isFull: false })).toMatchInlineSnapshot(`
    "✗ ticket-scout  failed                                                    7 steps · 1.24 s · $0.0012
      0af7651916cd43dd8448eb211c80319c · langchain · 2026-11-21 04:12:33 UTC
      3 inferences · 4 tool calls · tokens 3,204 in (1,024 cached) · 312 out (180 reasoning)

    ├─ 1 ◆ gpt-5-mini                                                        612 → 118 $0.00039   162 ms
    │      thinks  I need three facts: the price, the dates and the place. Two searches can run side by
    │              side, one for tickets and one for the venue.
    │      calls   search_web query="Nordic Compiler Days 2027 tickets price"
    │      calls   search_web query="Nordic Compiler Days 2027 venue"
    ├─ 2 ▸ search_web  query="Nordic Compiler Days 2027 tickets price"                              2 ms
    │      → [{"url":"https://nordic-compiler-days.example/2027/tickets","title":"Tickets · Nordic
    │        Compiler Days 2027","snippet":"Tickets for Nordic Compiler Days 2027. Early bird until 15 …
    ├─ 3 ✗ convert_currency  amount=4950 from="kr" to="EUR"                                       0.4 ms
    │      RangeError: No exchange rate for "kr": expected an ISO 4217 code, one of EUR, NOK, SEK
    │        at rateOf (/home/ada/agent/tools.ts:71:11)
    │        at convert (/home/ada/agent/tools.ts:52:38)
    │        … 2 more frames (--full)
    │
    ╰─ run failed with RangeError: No exchange rate for "kr": expected an ISO 4217 code, one of EUR, NO…"
  `);
});

test("With --full nothing is cut", () => {
  expect(printRun({ ...failedRun, steps: failedRun.steps.slice(1) }, plain, { isFull: true })).toMatchInlineSnapshot(`
    "✗ ticket-scout  failed                                                    7 steps · 1.24 s · $0.0012
      0af7651916cd43dd8448eb211c80319c · langchain · 2026-11-21 04:12:33 UTC
      3 inferences · 4 tool calls · tokens 3,204 in (1,024 cached) · 312 out (180 reasoning)

    ├─ 2 ▸ search_web                                                                               2 ms
    │      query="Nordic Compiler Days 2027 tickets price"
    │      → [{"url":"https://nordic-compiler-days.example/2027/tickets","title":"Tickets · Nordic
    │        Compiler Days 2027","snippet":"Tickets for Nordic Compiler Days 2027. Early bird until 15
    │        January 2027: kr 4…"}]
    ├─ 3 ✗ convert_currency                                                                       0.4 ms
    │      amount=4950 from="kr" to="EUR"
    │      RangeError: No exchange rate for "kr": expected an ISO 4217 code, one of EUR, NOK, SEK
    │        at rateOf (/home/ada/agent/tools.ts:71:11)
    │        at convert (/home/ada/agent/tools.ts:52:38)
    │        at DynamicStructuredTool.func (/home/ada/agent/node_modules/langchain/dist/tools.js:1:1)
    │        at process.processTicksAndRejections (node:internal/process/task_queues:104:5)
    │
    ╰─ run failed with RangeError: No exchange rate for "kr": expected an ISO 4217 code, one of EUR, NO…"
  `);
});

test("Steps inside a step stand below it, and a replay says how each step came about", () => {
  const run = runWith({
    status: "running",
    durationMs: null,
    error: null,
    costUsd: null,
    steps: 3,
    tokens: noTokens,
    replayOf: { runId: "3b1c7651916cd43dd8448eb211c80319", from: 3, mode: "live" },
    lostContent: { spans: 2, reason: "buffer_full" },
  });
  const steps = [
    stepWith({ index: 1, kind: "tool", name: "research", served: "recorded", arguments: { topic: "fjords" } }),
    stepWith({ index: 2, kind: "inference", name: "gpt-5-mini", parentIndex: 1, served: "recorded" }),
    stepWith({ index: 3, kind: "code", name: "now", parentIndex: 1, result: 1763698353, durationMs: 0.02 }),
    stepWith({ index: 4, kind: "tool", name: "send_mail", effect: "non_idempotent", served: "confirmed" }),
    stepWith({ index: 5, kind: "tool", name: "send_mail", effect: "non_idempotent", served: "blocked" }),
    stepWith({ index: 6, kind: "tool", name: "post", effect: "non_idempotent", status: "running", durationMs: null }),
    stepWith({ index: 7, kind: "tool", name: "silent", contentMissing: true }),
  ];
  expect(printRun({ run, steps, spans: [], findings: [] }, plain, { isFull: false })).toMatchInlineSnapshot(`
    "● ticket-scout  running                                                                      3 steps
      0af7651916cd43dd8448eb211c80319c · langchain · 2026-11-21 04:12:33 UTC
      3 inferences · 4 tool calls · tokens – in · – out
      replay of 3b1c7651916cd43dd8448eb211c80319 from step 3, mode live
      content of 1 step was not kept: buffer full

    ├─ 1 ▸ research  recorded  topic="fjords"                                                       2 ms
    │  ├─ 2 ◆ gpt-5-mini  recorded                                                                  2 ms
    │  ╰─ 3 λ now                                                                                 0.0 ms
    │         → 1763698353
    ├─ 4 ▸ send_mail  confirmed                                                                     2 ms
    ├─ 5 ⊘ send_mail  blocked                                                                       2 ms
    ├─ 6 ● post  non-idempotent                                                                  running
    ├─ 7 ▸ silent                                                                                   2 ms
    │      (content was not kept)
    ╵
      still running"
  `);
});

test("A run that was kept although runs are sampled says why", () => {
  const header = (keptBecause: string): string =>
    printRun({ run: runWith({ keptBecause }), steps: [], spans: [], findings: [] }, plain, { isFull: false });
  expect(header("error")).toContain("\n  kept although runs are sampled: something in it failed\n");
  expect(header("it asks the\u001b[2J same thing")).toContain("sampled: it asks the same thing\n");
  expect(header("everything")).not.toContain("sampled");
  expect(header("sampled")).not.toContain("sampled");
});

test("No line is wider than the terminal, whatever was recorded", () => {
  const wide = "\u001b[2J長い名前の道具です ".repeat(40);
  const step = stepWith({
    index: 1,
    kind: "tool",
    name: "look_up",
    arguments: { query: wide },
    result: wide,
    error: { name: "Error", message: wide, stack: `Error\n    at ${wide} (/a.ts:1:1)` },
  });
  const text = printRun({ run: runWith({ name: wide }), steps: [step], spans: [], findings: [] }, plain, {
    isFull: false,
  });
  expect(Math.max(...text.split("\n").map(widthOf))).toBeLessThanOrEqual(plain.width);
  expect(text).not.toContain("\u001b");
});
