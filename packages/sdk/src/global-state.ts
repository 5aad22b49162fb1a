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

const key = Symbol.for("runreel.sdk.1");

/** The state; its shape stays the same for as long as the number in its symbol. */
export function globalState<Session>(): GlobalState<Session> {
  const holder = globalThis as { [key]?: GlobalState<Session> };
  holder[key] ??= { session: undefined, isDisabled: false, activeSpan: new AsyncLocalStorage(), codecs: [] };
  return holder[key];
}
