import { expect, test } from "vitest";
import { UNREPORTED } from "../model/normalized-span.ts";
import { addToSums, emptySums, type Summed } from "./sums.ts";

const tool: Summed = {
  kind: "tool",
  stepKind: "tool",
  status: "ok",
  served: "",
  isSpent: false,
  inputTokens: UNREPORTED,
  cacheReadTokens: UNREPORTED,
  cacheWriteTokens: UNREPORTED,
  outputTokens: UNREPORTED,
  reasoningTokens: UNREPORTED,
  costPicodollars: null,
};

test("a step of a replay counts as a call only when it ran", () => {
  const sums = emptySums();
  for (const served of ["", "live", "confirmed", "recorded", "blocked"]) addToSums(sums, { ...tool, served });
  expect(sums).toMatchObject({ spans: 5, toolCalls: 3 });
});

test("an inference that was served is no request, and lacks no usage", () => {
  const sums = emptySums();
  addToSums(sums, { ...tool, kind: "inference", stepKind: "inference", served: "recorded" });
  expect(sums).toMatchObject({ spans: 1, inferences: 0, inferencesWithoutUsage: 0 });
});
