// Proves that whatever is thrown can be told.
import { expect, test } from "vitest";

import { describeFailure } from "./failure.ts";

test("an error with its causes", () => {
  const error = new RangeError("too far", { cause: new Error("map", { cause: "rain" }) });
  const { type, message, stack } = describeFailure(error);
  expect([type, message]).toEqual(["RangeError", "too far"]);
  expect(stack).toContain("failure.test.ts");
  expect(stack).toMatch(/Caused by: Error: map[\s\S]*Caused by: string: rain$/);
});

test("an error that is its own cause ends", () => {
  const error = new Error("loop");
  error.cause = error;
  expect(describeFailure(error).stack).not.toContain("Caused by");
});

test("a subclass that keeps the name Error is told by its class", () => {
  class BadRequestError extends Error {}
  expect(describeFailure(new BadRequestError("400")).type).toBe("BadRequestError");
});

test.each([
  ["just text", { type: "string", message: "just text" }],
  [undefined, { type: "undefined", message: "undefined" }],
  [{ code: 7 }, { type: "Object", message: '{"code":7}' }],
  [Object.create(null), { type: "Error", message: "{}" }],
])("%j is told, though it is no error", (thrown, expected) => {
  expect(describeFailure(thrown)).toMatchObject({ ...expected, stack: undefined });
});

test("an error that resists is told as one that cannot be read", () => {
  const hostile = {
    get message(): string {
      throw new Error("no");
    },
  };
  expect(describeFailure(hostile).message).toBe("an error that cannot be read");
});

test("what is long is cut", () => {
  expect(describeFailure(new Error("x".repeat(10_000))).message.length).toBeLessThan(4_200);
});
