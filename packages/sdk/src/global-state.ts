import { AsyncLocalStorage } from "node:async_hooks";

import type { RecordingCodec } from "./content/codecs.ts";
import type { RecordedSpan } from "./record/recorder.ts";

/** What all copies of this package in a process share, so that an adapter's copy and the user's are one recorder. */
export interface GlobalState<Session = unknown> {
  session: Session | undefined;
  /** `start()` has run and found that it should do nothing. */
  isDisabled: boolean;
  readonly activeSpan: AsyncLocalStorage<RecordedSpan | undefined>;
  readonly codecs: RecordingCodec[];
  /** `runreelSpanProcessor()` has been called. */
  hasSpanProcessor?: boolean;
  /** Providers of the host that tell us of their spans already. */
  joined?: WeakSet<object>;
}

const family = "runreel.sdk.";
const key = Symbol.for(`${family}1`);

/** The state; its shape stays the same for as long as the number in its symbol. */
export function globalState<Session>(): GlobalState<Session> {
  const holder = globalThis as { [key]?: GlobalState<Session> };
  holder[key] ??= { session: undefined, isDisabled: false, activeSpan: new AsyncLocalStorage(), codecs: [] };
  return holder[key];
}

/** The keys of copies that record in this process, and whose state has another shape than ours. */
export function strangers(): string[] {
  const states = globalThis as unknown as Record<symbol, { session?: unknown } | undefined>;
  return Object.getOwnPropertySymbols(globalThis)
    .filter((other) => other !== key && other.description?.startsWith(family) && states[other]?.session !== undefined)
    .map((other) => other.description!);
}
