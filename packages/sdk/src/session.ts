import type { Recorder } from "./record/recorder.ts";
import type { Ledger, Status } from "./status.ts";

/** What a flush has brought about. */
export interface FlushResult {
  /** Spans that the endpoint has acknowledged since the call. */
  delivered: number;
  /** Spans written to disk since the call. Always 0 in this version. */
  spooled: number;
  /** Spans lost since the call. */
  dropped: number;
  /** Spans that still wait, because the endpoint could not be reached. */
  buffered: number;
}

/** A started SDK. */
export interface Session {
  readonly state: "recording" | "stopped";
  readonly recorder: Recorder;
  status(): Status;
  flush(): Promise<FlushResult>;
  shutdown(): Promise<FlushResult>;
}

interface Parts {
  recorder: Recorder;
  buffer: { readonly bytes: number; readonly isEmpty: boolean };
  exporter: { flush(): Promise<void>; stop(): void };
  /** Sends what is left while the process is ending, without the event loop. */
  sendAtExit: () => void;
  ledger: Ledger;
  /** Lets adapters end what only waits for its end. */
  endWaiting: () => void;
}

/** Puts the end of the process and the user's calls together: who flushes when. */
export function createSession({ recorder, buffer, exporter, ledger, endWaiting, sendAtExit }: Parts): Session {
  let state: Session["state"] = "recording";

  const flush = async (): Promise<FlushResult> => {
    endWaiting();
    const { delivered, droppedTotal } = ledger.spans;
    await exporter.flush();
    return {
      delivered: ledger.spans.delivered - delivered,
      spooled: 0,
      dropped: ledger.spans.droppedTotal - droppedTotal,
      buffered: ledger.spans.buffered,
    };
  };

  // A process that has nothing left to do ends, whatever waits here: this keeps it for one last request. The event comes again
  // after it, so that a request that fails must not lead to another.
  const lastRequest = async (): Promise<void> => {
    endWaiting();
    if (buffer.isEmpty && ledger.spans.buffered === 0) return;
    process.off("beforeExit", onBeforeExit);
    const { buffered } = await flush();
    if (buffered === 0 && state === "recording") process.on("beforeExit", onBeforeExit);
  };
  const onBeforeExit = (): void => void lastRequest();
  process.on("beforeExit", onBeforeExit);

  // An uncaught error and process.exit() leave no time for anything but this.
  const onExit = (): void => {
    endWaiting();
    sendAtExit();
  };
  process.on("exit", onExit);

  return {
    get state() {
      return state;
    },
    recorder,
    status: () => ledger.status(state, buffer.bytes),
    flush,
    shutdown: async () => {
      process.off("beforeExit", onBeforeExit);
      process.off("exit", onExit);
      const result = await flush();
      exporter.stop();
      state = "stopped";
      return result;
    },
  };
}
