import { watchEnd } from "./watch-end.ts";
import type { HostSpanListener } from "./join/host.ts";
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
  /** Told of the spans of the host's own OpenTelemetry. */
  readonly hostSpans: HostSpanListener;
  status(): Status;
  flush(): Promise<FlushResult>;
  shutdown(): Promise<FlushResult>;
}

interface Parts {
  recorder: Recorder;
  hostSpans: HostSpanListener;
  buffer: { readonly bytes: number; readonly isEmpty: boolean };
  exporter: { flush(): Promise<void>; distrust(): void; stop(): void };
  ledger: Ledger;
  /** Tells the collector how things stand. */
  reporter: { isEnding: boolean; isAsked: boolean; readonly hasNews: boolean; stop(): void } | undefined;
  /** Lets adapters end what only waits for its end. */
  endWaiting: () => void;
  /** Sends runs that were sampled out and will not end any more. */
  keepUnfinished: () => void;
  /** Puts on disk what waits. */
  putAside: () => void;
  /** Delivers what is on disk while the process is ending, without the event loop. */
  sendAtExit: () => void;
}

/** How long a process that is done waits for an answer, before what is left goes to disk; of many requests, each may take so long. */
const LAST_ANSWER_MAX_MS = 3_000;
const LAST_ANSWERS_MAX_COUNT = 4;

/** Puts the end of the process and the user's calls together: who flushes when. */
export function createSession(parts: Parts): Session {
  const { recorder, buffer, exporter, ledger, reporter, endWaiting, keepUnfinished, putAside, sendAtExit } = parts;
  let state: Session["state"] = "recording";

  const flush = async (maxAnswers?: number): Promise<FlushResult> => {
    endWaiting();
    const { delivered, spooled, droppedTotal } = ledger.spans;
    if (maxAnswers === undefined) {
      if (reporter !== undefined) reporter.isAsked = true;
      await awake(exporter.flush());
      if (reporter !== undefined) reporter.isAsked = false;
    } else {
      const left = (): number => ledger.spans.buffered + ledger.content.buffered;
      if (!(await isDoneInTime(exporter.flush(), left, maxAnswers))) exporter.distrust();
      putAside();
    }
    return {
      delivered: ledger.spans.delivered - delivered,
      spooled: ledger.spans.spooled - spooled,
      dropped: ledger.spans.droppedTotal - droppedTotal,
      buffered: ledger.spans.buffered,
    };
  };

  const setEnding = (isEnding: boolean): void => {
    if (reporter !== undefined) reporter.isEnding = isEnding;
  };

  const end = watchEnd({
    // A process that has nothing left to do ends, whatever waits here: this keeps it for one last request.
    done: async () => {
      endWaiting();
      keepUnfinished();
      setEnding(true);
      if (!buffer.isEmpty || ledger.spans.buffered > 0 || reporter?.hasNews === true)
        await flush(LAST_ANSWERS_MAX_COUNT);
      // The host may have started something meanwhile.
      setEnding(false);
    },
    exit: () => {
      endWaiting();
      keepUnfinished();
      setEnding(true);
      putAside();
      sendAtExit();
    },
    signal: (isDeadly) => {
      endWaiting();
      if (isDeadly) keepUnfinished();
      setEnding(isDeadly);
      putAside();
      if (isDeadly) sendAtExit();
    },
  });

  return {
    get state() {
      return state;
    },
    recorder,
    hostSpans: parts.hostSpans,
    status: () => ledger.status(state, buffer.bytes),
    flush: () => flush(),
    shutdown: async () => {
      end.unwatch();
      endWaiting();
      keepUnfinished();
      setEnding(true);
      const result = await flush();
      putAside();
      exporter.stop();
      reporter?.stop();
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

/** Waits for work while `left` goes down, and tells whether it is done. */
async function isDoneInTime(work: Promise<void>, left: () => number, answersMax: number): Promise<boolean> {
  let before = left();
  for (let answers = 0; answers < answersMax; answers += 1) {
    // oxlint-disable-next-line no-await-in-loop
    if (await isDoneWithin(LAST_ANSWER_MAX_MS, work)) return true;
    if (left() >= before) return false;
    before = left();
  }
  return false;
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
