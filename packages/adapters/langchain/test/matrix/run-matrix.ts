/**
 * Installs each set of older versions into a temporary folder and runs all tests of the adapter with it.
 *
 * `npm run test:matrix`, or `npm run test:matrix -- oldest` for one of them. Needs the registry, and about a minute for each.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { cells } from "./cells.ts";
import { CELL_VARIABLE } from "./from-cell.ts";

const adapter = fileURLToPath(new URL("../..", import.meta.url));
const { devDependencies } = JSON.parse(readFileSync(join(adapter, "package.json"), "utf8")) as {
  devDependencies: Record<string, string>;
};
// From inside the npm script that runs this, npm names itself.
const npm = process.env["npm_execpath"];
const [command, ...first] = npm === undefined ? ["npm"] : [process.execPath, npm];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in cells));
if (unknown.length > 0) {
  console.error(`${unknown.join(", ")}: no such cell. There are ${Object.keys(cells).join(", ")}.`);
  process.exit(2);
}

const failed: string[] = [];
for (const [name, versions] of Object.entries(cells)) {
  if (asked.length > 0 ? !asked.includes(name) : name === "newest") continue;
  const told = Object.entries(versions).map(([one, version]) => `${one} ${version}`);
  console.log(`\n${name}: ${told.join(", ")}`);
  const folder = mkdtempSync(join(tmpdir(), "runreel-matrix-"));
  try {
    if (!install(folder, { ...devDependencies, ...versions }) || !test(folder)) failed.push(name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
if (failed.length > 0) {
  console.error(`Failed with: ${failed.join(", ")}`);
  process.exitCode = 1;
}

function install(folder: string, dependencies: Record<string, string>): boolean {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", dependencies }));
  // The peer ranges of these packages among one another are stricter than the code.
  const flags = ["--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  return spawnSync(command!, [...first, "install", ...flags], { cwd: folder, stdio: "inherit" }).status === 0;
}

function test(folder: string): boolean {
  const vitest = fileURLToPath(import.meta.resolve("vitest/package.json")).replace("package.json", "vitest.mjs");
  const config = fileURLToPath(new URL("vitest.config.ts", import.meta.url));
  const { status } = spawnSync(process.execPath, [vitest, "run", "--config", config], {
    cwd: adapter,
    stdio: "inherit",
    env: { ...process.env, [CELL_VARIABLE]: folder },
  });
  return status === 0;
}
