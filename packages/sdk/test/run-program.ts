import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Ended {
  code: number | null;
  output: string;
  errors: string;
}

/** Runs one of the programs in a process of its own, with nothing in its environment but what is given. */
export function runProgram(name: string, args: string[], environment: Record<string, string>): Promise<Ended> {
  const file = fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--conditions=runreel-source", file, ...args], {
    env: { PATH: process.env["PATH"], ...environment },
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  child.stderr.on("data", (chunk) => (errors += String(chunk)));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output, errors })));
}
