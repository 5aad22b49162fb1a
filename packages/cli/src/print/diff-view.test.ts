import { expect, test } from "vitest";

import type { RunDetail } from "../answers.ts";
import { printDiff } from "./diff-view.ts";
import { failedRun, runWith, stepWith } from "./failed-run.fixture.ts";
import { printReplay, type ReplaySummary } from "./replay-summary.ts";
import { createSheet } from "./terminal.ts";

const plain = createSheet({}, {});

const replay: RunDetail = {
  run: runWith({
    runId: "3b1c7651916cd43dd8448eb211c80319",
    status: "ok",
    error: null,
    steps: 4,
    replayOf: { runId: failedRun.run.runId, from: 3, mode: "live" },
  }),
  steps: [
    ...failedRun.steps.slice(0, 2).map((step) => ({ ...step, served: "recorded" })),
    stepWith({
      index: 3,
      kind: "tool",
      name: "convert_currency",
      arguments: { amount: 4950, from: "NOK", to: "EUR" },
      result: '{"converted":421.74}',
    }),
    stepWith({
      index: 4,
      kind: "tool",
      name: "send_mail",
      effect: "non_idempotent",
      served: "confirmed",
      result: "Sent.",
    }),
  ],
  spans: [],
  findings: [],
};

test("A failed run and its replay: what was equal, what changed, what came after", () => {
  const diff = {
    firstDivergence: 3,
    steps: [
      { index: 1, otherIndex: 1, kind: "inference", name: "gpt-5-mini", equal: true, changes: [] },
      { index: 2, otherIndex: 2, kind: "tool", name: "search_web", equal: true, changes: [] },
      { index: 3, otherIndex: 3, kind: "tool", name: "convert_currency", equal: false, changes: [] },
      { index: null, otherIndex: 4, kind: "inference", name: "gpt-5-mini", equal: false, changes: [] },
    ],
    a: failedRun.run,
    b: replay.run,
  };
  expect(printDiff(diff, failedRun, replay, plain)).toMatchInlineSnapshot(`
    "a ✗ 0af76519 failed  7 steps · 1.24 s · $0.0012 · 3,204 → 312 tokens
    b ✓ 3b1c7651 ok (replay from step 3)  4 steps · 1.24 s · $0.0012 · 3,204 → 312 tokens

        1 = ◆ gpt-5-mini  recorded
        2 = ▸ search_web  recorded
    ▶   3 ≠ ▸ convert_currency
              arguments
              -   "from": "kr",
              +   "from": "NOK",
              result
              + {
              +   "converted": 421.74
              + }
              error
              - RangeError: No exchange rate for "kr": expected an ISO 4217 code, one of EUR, NOK, SEK
        4 + ▸ send_mail  confirmed  only in b
              → Sent.

    First divergence at step 3."
  `);
});

const summary: ReplaySummary = {
  runId: replay.run.runId,
  originRunId: failedRun.run.runId,
  from: 3,
  mode: "live",
  status: "ok",
  divergence: null,
  served: 2,
  executed: 2,
  confirmed: 1,
  blocked: 0,
};

test("The end of a replay says how its steps came about", () => {
  expect(printReplay(summary, replay.run, plain)).toMatchInlineSnapshot(`
    "✓ Replay of 0af76519 from step 3, mode live: ok
      2 served from the recording · 2 executed · 1 confirmed · 0 blocked
      run 3b1c7651916cd43dd8448eb211c80319 · 4 steps · 1.24 s · $0.0012"
  `);
});

test("A divergence shows what was expected and what came", () => {
  const divergence = {
    step: 2,
    expected: { kind: "tool", name: "search_web", arguments: { query: "tickets", limit: 3 } },
    actual: { kind: "tool", name: "search_web", arguments: { query: "hotels", limit: 3 } },
  };
  const run = runWith({ runId: replay.run.runId });
  expect(printReplay({ ...summary, status: "error", divergence }, run, plain)).toMatchInlineSnapshot(`
    "✗ Replay of 0af76519 from step 3, mode live: failed
      2 served from the recording · 2 executed · 1 confirmed · 0 blocked
      run 3b1c7651916cd43dd8448eb211c80319 · 7 steps · 1.24 s · $0.0012

    The program took another way at step 2.
            tool search_web
              -   "query": "tickets",
              +   "query": "hotels","
  `);
});

test("A program that recorded nothing is told what may be the reason", () => {
  const nothing = { ...summary, runId: null };
  expect(printReplay(nothing, undefined, plain, 0)).toContain("Does it call start()");
  const failed = printReplay(nothing, undefined, plain, 1);
  expect(failed).toContain("the program ended with exit code 1 before it recorded anything");
  expect(failed).not.toContain("start()");
});
