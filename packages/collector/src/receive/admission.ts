import { CollectorError } from "../errors.ts";

export interface AdmissionLimits {
  /** Requests that may be in progress at once. */
  concurrentRequestsMax: number;
  /** Bytes of bodies, as sent, that may be in memory at once. */
  inProgressMaxBytes: number;
}

/** Keeps the requests in progress within what the memory can hold; who comes beyond that is told to come again. */
export interface Admission {
  /**
   * Lets a request with a body of `bytes` in.
   *
   * @returns what to call when the request is over.
   * @throws CollectorError RUNREEL_COLLECTOR_OVERLOADED
   */
  enter(bytes: number): () => void;
}

export function createAdmission(limits: AdmissionLimits): Admission {
  let requests = 0;
  let bytesInside = 0;
  return {
    enter(bytes) {
      // One request alone is let in whatever it brings; its own limit holds it.
      const isTooMuch = requests > 0 && bytesInside + bytes > limits.inProgressMaxBytes;
      if (requests >= limits.concurrentRequestsMax || isTooMuch) {
        const message = `${requests} requests with ${bytesInside} bytes of spans are in progress.`;
        throw new CollectorError("RUNREEL_COLLECTOR_OVERLOADED", message);
      }
      requests += 1;
      bytesInside += bytes;
      let isInside = true;
      return () => {
        if (!isInside) return;
        isInside = false;
        requests -= 1;
        bytesInside -= bytes;
      };
    },
  };
}

/** Runs at most `most` tasks at once, in order: what they make is large for a moment. */
export function createGate(most: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
