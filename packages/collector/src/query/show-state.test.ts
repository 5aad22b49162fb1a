import { expect, test } from "vitest";
import type { TimedCheckpoint } from "./list-checkpoints.ts";
import type { NumberedStep } from "./read-spans.ts";
import { chooseCheckpoint } from "./show-state.ts";

const step = (startNano: bigint, durationNano: bigint | null): NumberedStep =>
  ({ startNano, durationNano }) as NumberedStep;
const checkpoint = (checkpointId: string, atNano: bigint, namespace = ""): TimedCheckpoint =>
  ({ checkpointId, atNano, namespace }) as TimedCheckpoint;

const steps = [step(10n, 10n), step(30n, 10n), step(50n, null)];
const checkpoints = [
  checkpoint("begin", 5n),
  checkpoint("sub", 21n, "sub:1"),
  checkpoint("one", 25n),
  checkpoint("two", 40n),
];

test.each([
  [0, "begin", "before the first step"],
  [1, "one", "the first of the whole agent after the step"],
  [2, "two", "the one at the very moment it ended"],
  [3, "two", "the last one, while the step is open"],
])("after step %i the state is that of %s: %s", (at, expected) => {
  expect(chooseCheckpoint(checkpoints, steps, at)?.checkpointId).toBe(expected);
});

test("a step that no checkpoint follows has the last one before it", () => {
  expect(chooseCheckpoint([checkpoint("begin", 5n)], steps, 2)?.checkpointId).toBe("begin");
});

test("checkpoints of subgraphs alone say nothing about the agent", () => {
  expect(chooseCheckpoint([checkpoint("sub", 21n, "sub:1")], steps, 1)).toBeUndefined();
});
