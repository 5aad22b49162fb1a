// An error says once, to the host's first question, that it bubbles up, and is itself again afterwards.
import { isGraphBubbleUp } from "@langchain/langgraph";
import { expect, test } from "vitest";

import { asItself, isOwnError, ownError } from "./own-error.ts";

test("the host's first question gets a yes, the second a no", async () => {
  const error = new RangeError("slow down");
  const hook = async (): Promise<never> => {
    throw asItself(error);
  };
  await expect(hook().catch((thrown: unknown) => isGraphBubbleUp(thrown as Error))).resolves.toBe(true);
  expect(isGraphBubbleUp(error)).toBe(false);
  expect(Object.getOwnPropertyNames(error)).not.toContain("is_bubble_up");
});

test("a host that does not ask leaves no trace on it", async () => {
  const error = asItself(new Error("x"));
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  expect("is_bubble_up" in error).toBe(false);
});

test("frozen errors, pauses and things that are no objects stay as they are", () => {
  const frozen = Object.freeze(new Error("x"));
  const pause = Object.assign(new Error("pause"), { is_bubble_up: true });
  expect(asItself(frozen)).toBe(frozen);
  expect(asItself(pause).is_bubble_up).toBe(true);
  expect(asItself("text")).toBe("text");
});

test("our own errors are known", () => {
  const error = ownError(new Error("ours"));
  expect(isOwnError(error)).toBe(true);
  expect(isOwnError(new Error("theirs"))).toBe(false);
  expect(isOwnError(undefined)).toBe(false);
});
