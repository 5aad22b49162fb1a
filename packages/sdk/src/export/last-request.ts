import { spawnSync } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { serialize } from "node:v8";

import type { SenderOptions } from "./sender.ts";

/** What the program is given on its standard input. */
export interface LastRequest {
  options: SenderOptions;
  /** Bodies of OTLP requests. */
  bodies: readonly Uint8Array[];
}

const program = fileURLToPath(new URL(`./last-request-program${extname(import.meta.filename)}`, import.meta.url));

const TIMEOUT_MS = 3_000;

/**
 * Sends requests while the process is ending, when nothing asynchronous happens any more: by a process of our own that is waited for.
 *
 * Takes a fifth of a second, three at most. Returns whether all was delivered.
 */
export function sendAtExit(bodies: readonly Uint8Array[], options: SenderOptions): boolean {
  const timeoutMs = Math.min(options.timeoutMs, TIMEOUT_MS - 500);
  const input: LastRequest = { options: { ...options, timeoutMs }, bodies };
  const { status } = spawnSync(process.execPath, [program], {
    input: serialize(input),
    stdio: ["pipe", "ignore", "ignore"],
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
    windowsHide: true,
    // The host's own preloads have no business here.
    env: { ...process.env, NODE_OPTIONS: "", ELECTRON_RUN_AS_NODE: "1" },
  });
  return status === 0;
}
