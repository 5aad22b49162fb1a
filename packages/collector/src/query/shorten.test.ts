import { expect, test } from "vitest";
import { shorten } from "./shorten.ts";

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

test("what is small enough stays as it is", () => {
  const value = { text: "x".repeat(100) };
  expect(shorten(value, 1000)).toEqual({ value, truncated: false });
  expect(shorten(undefined, 1000)).toEqual({ value: undefined, truncated: false });
});

test("long texts are cut and the shape is kept", () => {
  const { value, truncated } = shorten({ role: "user", parts: [{ type: "text", content: "é".repeat(50_000) }] }, 4000);
  expect(truncated).toBe(true);
  expect(value).toMatchObject({
    role: "user",
    parts: [{ type: "text", content: expect.stringMatching(/^é+… \(\d+ more/) }],
  });
  expect(bytes(value)).toBeLessThanOrEqual(4000);
});

test("long arrays keep their ends", () => {
  const { value } = shorten(
    Array.from({ length: 10_000 }, (_, at) => at),
    4000,
  );
  expect((value as number[])[0]).toBe(0);
  expect((value as number[]).at(-1)).toBe(9999);
});

test("what cannot be cut down is left out", () => {
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`key-${at}`, at]));
  expect(shorten(wide, 4000)).toEqual({ value: null, truncated: true });
});
