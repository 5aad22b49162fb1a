import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

const SOURCES = "--conditions=runreel-source";

/** Starts a module of this repository as a process of its own, on the packages' sources. It reports through `process.send`. */
export function startChild(module: URL, argument: unknown, execArgv: readonly string[] = []): ChildProcess {
  return fork(module, [JSON.stringify(argument)], {
    execArgv: [SOURCES, "--disable-warning=ExperimentalWarning", ...execArgv],
  });
}

/** The next message of a child. Rejects if it ends without one. */
export async function nextMessage<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController();
  const { signal } = ended;
  const message = once(child, "message", { signal }).then(([value]) => value as T);
  const exit = once(child, "exit", { signal }).then(([code, by]) => {
    throw new Error(`${child.spawnargs.at(-2)} ended (${code ?? by}) before it reported.`);
  });
  try {
    return await Promise.race([message, exit]);
  } finally {
    ended.abort();
    await Promise.allSettled([message, exit]);
  }
}

/** What `startChild` was given, inside the child. */
export function childArgument(): unknown {
  return JSON.parse(process.argv[2] ?? "null");
}
