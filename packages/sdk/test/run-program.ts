import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  output: string;
  errors: string;
}

/** A folder for what a program leaves. */
export const createSpoolDir = (): string => mkdtempSync(join(tmpdir(), "runreel-spool-"));

/**
 * Runs one of the programs in a process of its own, with nothing in its environment but what is given, and a spool of its own. `watch`
 * is told what it prints.
 */
export function runProgram(
  name: string,
  args: string[],
  environment: Record<string, string>,
  watch: (output: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<Ended> {
  const file = fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--conditions=runreel-source", file, ...args], {
    env: { PATH: process.env["PATH"], RUNREEL_SPOOL_DIR: createSpoolDir(), ...environment },
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk) => {
    output += String(chunk);
    watch(output, (signal) => child.kill(signal));
  });
  child.stderr.on("data", (chunk) => (errors += String(chunk)));
  return new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal, output, errors })));
}
