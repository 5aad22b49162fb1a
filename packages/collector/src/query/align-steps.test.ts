import { expect, test } from "vitest";
import { alignSteps, type AlignableStep } from "./align-steps.ts";

const step = (text: string): AlignableStep => {
  const [name = "", argumentsKey = ""] = text.split(":");
  return { kind: "tool", name, argumentsKey };
};
const align = (a: string, b: string): string =>
  alignSteps(a.split(" ").filter(Boolean).map(step), b.split(" ").filter(Boolean).map(step))
    .map((pair) => `${pair.a ?? "-"}${pair.b ?? "-"}`)
    .join(" ");

test("equal runs pair step by step", () => {
  expect(align("search:1 read:2 mail:3", "search:1 read:2 mail:3")).toBe("00 11 22");
});

test("a step with other arguments is the same step, changed", () => {
  expect(align("search:1 convert:bad", "search:1 convert:good chat:x mail:y")).toBe("00 11 -2 -3");
});

test("a step that only one run took stands alone", () => {
  expect(align("a:1 b:1 c:1", "a:1 c:1")).toBe("00 1- 21");
  expect(align("a:1 c:1", "a:1 b:1 c:1")).toBe("00 -1 12");
});

test("equal arguments decide between steps of one name", () => {
  expect(align("x:0 chat:1 chat:2 y:0", "chat:2 z:0")).toBe("0- 1- 20 3- -1");
});

test("nothing against something is all on one side", () => {
  expect(align("", "a:1 b:1")).toBe("-0 -1");
  expect(align("a:1", "")).toBe("0-");
});

test("500 steps that have nothing in common are still paired", () => {
  const many = (prefix: string) => Array.from({ length: 500 }, (_, at) => `chat:${prefix}${at}`).join(" ");
  expect(align(many("a"), many("b")).split(" ")).toHaveLength(500);
});
