import { watchEnd } from "./watch-end.ts";
import type { Recorder } from "./record/recorder.ts";
import type { Ledger, Status } from "./status.ts";

/** What a flush has brought about. */
export interface FlushResult {
  /** Spans that the endpoint has acknowledged since the call. */
  delivered: number;
  /** Spans written to disk since the call. */
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
  exporter: { flush(): Promise<void>; distrust(): void; stop(): void };
  ledger: Ledger;
  /** Lets adapters end what only waits for its end. */
  endWaiting: () => void;
  /** Puts on disk what waits. */
  putAside: () => void;
  /** Delivers what is on disk while the process is ending, without the event loop. */
  sendAtExit: () => void;
}

/** How long a process that is done waits for its last request, before what is left goes to disk. */
const LAST_REQUEST_MAX_MS = 3_000;

/** Puts the end of the process and the user's calls together: who flushes when. */
export function createSession(parts: Parts): Session {
  const { recorder, buffer, exporter, ledger, endWaiting, putAside, sendAtExit } = parts;
  let state: Session["state"] = "recording";

  const flush = async (maxMs?: number): Promise<FlushResult> => {
    endWaiting();
    const { delivered, spooled, droppedTotal } = ledger.spans;
    if (maxMs === undefined) {
      await awake(exporter.flush());
    } else {
      if (!(await isDoneWithin(maxMs, exporter.flush()))) exporter.distrust();
      putAside();
    }
    return {
      delivered: ledger.spans.delivered - delivered,
      spooled: ledger.spans.spooled - spooled,
      dropped: ledger.spans.droppedTotal - droppedTotal,
      buffered: ledger.spans.buffered,
    };
  };

  const end = watchEnd({
    // A process that has nothing left to do ends, whatever waits here: this keeps it for one last request.
    done: async () => {
      endWaiting();
      if (!buffer.isEmpty || ledger.spans.buffered > 0) await flush(LAST_REQUEST_MAX_MS);
    },
    exit: () => {
      endWaiting();
      putAside();
      sendAtExit();
    },
    signal: (isDeadly) => {
      endWaiting();
      putAside();
      if (isDeadly) sendAtExit();
    },
  });

  return {
    get state() {
      return state;
    },
    recorder,
    status: () => ledger.status(state, buffer.bytes),
    flush: () => flush(),
    shutdown: async () => {
      end.unwatch();
      const result = await flush();
      putAside();
      exporter.stop();
      state = "stopped";
      const spooled = result.buffered - ledger.spans.buffered;
      return { ...result, spooled: result.spooled + spooled, buffered: ledger.spans.buffered };
    },
  };
}

/** Waits for work. A request keeps no process alive, but one that waits for it should live to see it. */
async function awake(work: Promise<void>): Promise<void> {
  const waiting = setInterval(() => {}, 1_000);
  try {
    await work;
  } finally {
    clearInterval(waiting);
  }
}

/** Waits for work, but not longer than so, and tells whether it is done. */
async function isDoneWithin(maxMs: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, maxMs, false);
  });
  const isDone = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return isDone;
}
