import { globalState } from "./global-state.ts";
import type { Host, HostSpanListener } from "./join/host.ts";
import type { Session } from "./session.ts";

/** Hands the spans of a host to whatever records when they come: a host keeps its listeners longer than we record. */
export function hostListener(): HostSpanListener {
  const state = globalState<Session>();
  const listening = (): HostSpanListener | undefined =>
    state.session?.state === "recording" ? state.session.hostSpans : undefined;
  return {
    onStart: (span) => listening()?.onStart(span),
    onEnd: (span) => listening()?.onEnd(span),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

/** Listens to a host, once. */
export function listenTo(host: Host): void {
  const state = globalState();
  const joined = (state.joined ??= new WeakSet());
  if (joined.has(host.source)) return;
  joined.add(host.source);
  host.listen(hostListener());
}
