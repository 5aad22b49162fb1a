import { expect, test } from "vitest";

import { noTokens, runWith } from "./failed-run.fixture.ts";
import { printRows } from "./rows.ts";
import { printRuns } from "./run-table.ts";
import { createSheet } from "./terminal.ts";
import { printUsage } from "./usage-table.ts";

const plain = createSheet({}, {});

test("Runs, one a line; columns that say nothing are left out", () => {
  const runs = [
    runWith({}),
    runWith({
      runId: "3b1c7651916cd43dd8448eb211c80319",
      status: "running",
      durationMs: null,
      tokens: noTokens,
      costUsd: null,
    }),
  ];
  expect(printRuns(runs, plain)).toMatchInlineSnapshot(`
    "run       started (UTC)           status   agent         steps       tokens     cost    time
    0af76519  2026-11-21 04:12:33  ✗  failed   ticket-scout      7  3,204 → 312  $0.0012  1.24 s
    3b1c7651  2026-11-21 04:12:33  ●  running  ticket-scout      7        – → –        –       –"
  `);
});

test("Usage by its keys, without measures that counted nothing", () => {
  const row = { runs: 1, inferences: 3, inferencesWithoutUsage: 0, toolCalls: 0, errors: 0, cacheWriteTokens: 0 };
  const rows = [
    { agent: "ticket-scout", model: "gpt-5-mini", ...row, inputTokens: 2180, outputTokens: 312, costUsd: "0.0012145" },
    { agent: "ticket-scout", model: "", ...row, toolCalls: 4, inputTokens: 0, outputTokens: 0, costUsd: "0" },
  ];
  expect(printUsage(rows, plain)).toMatchInlineSnapshot(`
    "agent         model       runs  inferences  tools  input  output     cost
    ticket-scout  gpt-5-mini     1           3      0  2,180     312  $0.0012
    ticket-scout  –              1           3      4      0       0       $0"
  `);
});

test("Rows of a query: numbers right, nothing for null", () => {
  const rows = [
    ["search_web", 12, null],
    ["send_mail", "3", { to: "ada" }],
  ];
  expect(printRows(["tool", "calls", "last"], rows, plain)).toMatchInlineSnapshot(`
    "tool        calls  last
    search_web     12  –
    send_mail       3  {"to":"ada"}"
  `);
});
