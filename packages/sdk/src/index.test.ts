// Proves that the public names are those that were meant, and few.
import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import * as sdk from "./index.ts";
import { version } from "./version.ts";

test("the public names", () => {
  expect(Object.keys(sdk).toSorted()).toEqual([
    "RunreelDivergenceError",
    "RunreelEffectBlockedError",
    "RunreelOptionsError",
    "RunreelReplayError",
    "checkpoint",
    "flush",
    "inference",
    "now",
    "random",
    "randomUUID",
    "reasoning",
    "run",
    "shutdown",
    "start",
    "status",
    "step",
    "tool",
    "traceContext",
  ]);
});

test("with types there are at most 25", () => {
  const source = readFileSync(new URL("index.ts", import.meta.url), "utf8");
  const names = [...source.matchAll(/\{([^}]*)\}/g)]
    .flatMap((match) => match[1]!.split(","))
    .filter((name) => name.trim() !== "");
  expect(names.length).toBeLessThanOrEqual(25);
});

test("spans tell the version of the package", () => {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  expect(version).toBe(manifest.version);
});
