import { extname } from "node:path";
import { fileURLToPath } from "node:url";

import type { SenderOptions } from "./export/sender.ts";

/** What the program is given on its standard input. */
export interface LastRequest {
  options: SenderOptions;
  folder: string;
  /** Whose files it is to deliver. */
  writer: string;
}

const program = fileURLToPath(new URL(`./last-request-program${extname(import.meta.filename)}`, import.meta.url));

const TIMEOUT_MS = 3_000;

/**
 * Delivers what this process has put on disk while it is ending, when nothing asynchronous happens any more: by a process of our own that
 * is waited for. Takes a fifth of a second, three at most; what it does not deliver stays on disk.
 */
export function sendAtExit({ options, ...request }: LastRequest): void {
  // Loaded here, since few processes come here and all import this.
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const { serialize } = process.getBuiltinModule("node:v8");
  const timeoutMs = Math.min(options.timeoutMs, TIMEOUT_MS - 500);
  spawnSync(process.execPath, [program], {
    input: serialize({ ...request, options: { ...options, timeoutMs } } satisfies LastRequest),
    stdio: ["pipe", "ignore", "ignore"],
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
    windowsHide: true,
    // The host's own preloads have no business here.
    env: { ...process.env, NODE_OPTIONS: "", ELECTRON_RUN_AS_NODE: "1" },
  });
}
