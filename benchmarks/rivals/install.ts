// Installs what Runreel is compared with into this folder, by its own lockfile, when that has not been done or the lockfile has changed since.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const folder = new URL("./", import.meta.url);

/** Resolves as a module of this folder would. */
export const requireRival: NodeJS.Require = createRequire(new URL("./package.json", folder));

interface Lockfile {
  packages: Record<string, { version?: string; optional?: boolean; peer?: boolean }>;
}

const read = (path: string): Lockfile => JSON.parse(readFileSync(new URL(path, folder), "utf8")) as Lockfile;

export function installRivals(): void {
  if (isInstalled()) return;
  console.error(
    "Installing the rivals into benchmarks/rivals/node_modules (about a minute, only when their lockfile has changed) ...",
  );
  const began = Date.now();
  // From inside the npm script that runs this, npm names itself.
  const npm = process.env["npm_execpath"];
  const [command = "npm", ...first] = npm === undefined ? ["npm"] : [process.execPath, npm];
  // Their peer ranges exclude one another.
  const flags = ["--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync(command, [...first, "ci", ...flags], {
    cwd: fileURLToPath(folder),
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0)
    throw new Error("npm ci failed in benchmarks/rivals. Fix the cause above, then run the command again.");
  // All watch the workload's own copy of LangChain, which is further up.
  for (const name of ["@langchain", "langsmith"])
    rmSync(new URL(`node_modules/${name}`, folder), { recursive: true, force: true });
  console.error(`Rivals ready after ${Math.round((Date.now() - began) / 1000)} s.`);
}

function isInstalled(): boolean {
  try {
    const have = read("node_modules/.package-lock.json").packages;
    return Object.entries(read("package-lock.json").packages).every(
      ([path, { version, optional }]) => path === "" || optional === true || have[path]?.version === version,
    );
  } catch {
    return false;
  }
}

/** The version of a rival's package that is installed. */
export function rivalVersion(name: string): string {
  const { version } = read("package-lock.json").packages[`node_modules/${name}`] ?? {};
  if (version === undefined) throw new Error(`${name} is not in benchmarks/rivals/package-lock.json.`);
  return version;
}

/** LangSmith's client is a dependency of LangChain's core. */
export function langsmithVersion(): string {
  const { packages } = read("../../package-lock.json");
  return packages["node_modules/langsmith"]?.version ?? "unknown";
}
