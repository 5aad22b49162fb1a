/**
 * Installs Sentry and Datadog into a temporary folder and runs the checks beside them.
 *
 * `npm run test:hosts`. Needs the registry, and about a minute. They are too large to be installed for every test run.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const dependencies = {
  "@sentry/node": "11.12.0",
  "sentry-10": "npm:@sentry/node@10.78.0",
  "dd-trace": "6.21.0",
};

// From inside the npm script that runs this, npm names itself.
const npm = process.env["npm_execpath"];
const [command, ...first] = npm === undefined ? ["npm"] : [process.execPath, npm];
const folder = mkdtempSync(join(tmpdir(), "runreel-hosts-"));
try {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const installed = spawnSync(command!, [...first, "install", ...flags], { cwd: folder, stdio: "inherit" });
  process.exitCode = installed.status === 0 ? check() : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function check(): number {
  const vitest = fileURLToPath(import.meta.resolve("vitest/package.json")).replace("package.json", "vitest.mjs");
  const config = fileURLToPath(new URL("vitest.config.ts", import.meta.url));
  const env = { ...process.env, RUNREEL_TEST_HOSTS: folder };
  return spawnSync(process.execPath, [vitest, "run", "--config", config], { stdio: "inherit", env }).status ?? 1;
}
