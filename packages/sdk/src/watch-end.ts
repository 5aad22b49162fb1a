import { isMainThread } from "node:worker_threads";

/** What is to be done when the process ends. */
interface Endings {
  /** Nothing is left to do. What is returned is waited for. */
  done(): Promise<void>;
  /** The process ends now, by `process.exit()` or an uncaught error. Nothing asynchronous happens any more. */
  exit(): void;
  /** Somebody asks the process to end. `isDeadly` when the host has no say of its own in it, so that it ends right after. */
  signal(isDeadly: boolean): void;
}

/** The signals by which services are stopped, terminals closed and programs interrupted. */
const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** Watches for the end of the process without changing how it ends: exit code, signal and the host's own handlers stay as they are. */
export function watchEnd(endings: Endings): { unwatch(): void } {
  // The event comes again after what it has started, which must not go on for ever.
  let isDone = false;
  const onDone = (): void => {
    if (isDone) return;
    isDone = true;
    void endings.done().finally(() => setImmediate(() => (isDone = false)).unref());
  };
  const onExit = (): void => endings.exit();
  const onSignal = (signal: NodeJS.Signals): void => {
    const isDeadly = process.listenerCount(signal) === 1;
    endings.signal(isDeadly);
    if (!isDeadly) return;
    // By listening we have taken the signal's own effect away.
    unwatch();
    process.kill(process.pid, signal);
  };
  const unwatch = (): void => {
    process.off("beforeExit", onDone);
    process.off("exit", onExit);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  process.on("beforeExit", onDone);
  process.on("exit", onExit);
  // Threads get none.
  if (isMainThread) for (const signal of SIGNALS) process.on(signal, onSignal);
  return { unwatch };
}
