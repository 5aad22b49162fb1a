// The versions that are declared are the versions that are tested.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { expect, test } from "vitest";

import { cells, packages } from "./cells.ts";
import { CELL_VARIABLE } from "./from-cell.ts";

const { peerDependencies } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  peerDependencies: Record<string, string>;
};
const folder = process.env[CELL_VARIABLE];

test("peer ranges begin with the oldest versions of the matrix", () => {
  const oldest = Object.entries(cells.oldest).map(([name, version]) => [name, `^${version}`]);
  expect(peerDependencies).toEqual(Object.fromEntries(oldest));
});

test("each cell is another minor of each package, or the same where there is none between", () => {
  const minors = packages.map((name) => Object.values(cells).map((versions) => Number(versions[name].split(".")[1])));
  for (const of of minors) expect(of).toEqual([...of].sort((one, other) => other - one));
});

test("these tests run with the versions of a cell", () => {
  const from = createRequire(folder === undefined ? import.meta.url : join(folder, "package.json"));
  const versionOf = (name: string): string => {
    const path = from.resolve.paths(name)!.map((root) => join(root, name, "package.json"));
    const text = path.flatMap((file) => readIfThere(file))[0];
    return (JSON.parse(text!) as { version: string }).version;
  };
  const installed = Object.fromEntries(packages.map((name) => [name, versionOf(name)]));
  expect(folder === undefined ? [cells.newest] : Object.values(cells)).toContainEqual(installed);
  if (folder === undefined)
    console.info("Older versions are not tested here, since they are not installed: npm run test:matrix does it.");
});

function readIfThere(file: string): string[] {
  try {
    return [readFileSync(file, "utf8")];
  } catch {
    return [];
  }
}
