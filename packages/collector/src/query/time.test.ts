import { expect, test } from "vitest";
import { isoFromNano, nanoFromIso } from "./time.ts";

test("nanoseconds survive the way to text and back", () => {
  const nano = 1_795_235_506_207_123_456n;
  expect(isoFromNano(nano)).toBe("2026-11-21T04:31:46.207123456Z");
  expect(nanoFromIso("2026-11-21T04:31:46.207123456Z")).toBe(nano);
});

test.each([
  ["2026-11-21T04:31:46Z", 1_795_235_506_000_000_000n],
  ["2026-11-21T04:31:46.5Z", 1_795_235_506_500_000_000n],
  ["2026-11-21T05:31:46+01:00", 1_795_235_506_000_000_000n],
  ["2026-11-21T04:31:46", 1_795_235_506_000_000_000n],
  ["2026-11-21", 1_795_219_200_000_000_000n],
  ["yesterday", null],
])("%s is read", (text, nano) => {
  expect(nanoFromIso(text)).toBe(nano);
});

test("0 stands for a time that is not known", () => {
  expect(isoFromNano(0n)).toBeNull();
});
