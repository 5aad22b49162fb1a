// Proves that a log never fills with us.
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { createDiagnostics } from "./diagnostics.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("one line a minute, which tells how many were held back", () => {
  const lines: string[] = [];
  const tell = createDiagnostics((line) => lines.push(line));
  tell("first");
  tell("second");
  tell("third");
  vi.advanceTimersByTime(60_000);
  tell("fourth");
  expect(lines).toEqual(["runreel: first", "runreel: fourth (and 2 more since the last line)"]);
});

test("a writer that throws disturbs nobody", () => {
  const tell = createDiagnostics(() => {
    throw new Error("closed");
  });
  expect(() => tell("anything")).not.toThrow();
});
