import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { Batch } from "../buffer/buffer.ts";
import { Ledger } from "../status.ts";
import { ExportLoop } from "./export-loop.ts";

const INTERVAL_MS = 1_000;

let waiting: string[];
let sent: string[][];
/** What is recorded while a request is under way. */
let meanwhile: [text: string, delayMs?: number][];
let loop: ExportLoop;

beforeEach(() => {
  vi.useFakeTimers();
  [waiting, sent, meanwhile] = [[], [], []];
  loop = new ExportLoop({
    source: {
      take: () => (waiting.length === 0 ? undefined : batchOf(waiting.splice(0, 2))),
      settle: () => {},
      forgetDelivered: () => {},
      get isEmpty() {
        return waiting.length === 0;
      },
      get hasMore() {
        return waiting.length > 0;
      },
    },
    send: async (body) => {
      sent.push(Buffer.from(body).toString().split(","));
      const next = meanwhile.shift();
      if (next !== undefined) record(...next);
      return { kind: "delivered", store: undefined, rejected: undefined, asks: undefined };
    },
    ledger: new Ledger(),
    diagnostics: () => {},
    intervalMs: INTERVAL_MS,
    onAsks: () => {},
  });
});

afterEach(() => {
  loop.stop();
  vi.useRealTimers();
});

const batchOf = (texts: string[]): Batch => ({ body: Buffer.from(texts.join()), blobs: [], spanCount: texts.length });

function record(text: string, delayMs?: number): void {
  waiting.push(text);
  loop.wake(delayMs);
}

test("what comes while a request is under way waits for company", async () => {
  meanwhile = [["b"], ["c"]];
  record("a");
  await vi.advanceTimersByTimeAsync(INTERVAL_MS);
  expect(sent).toEqual([["a"]]);
  record("x");
  await vi.advanceTimersByTimeAsync(INTERVAL_MS);
  expect(sent).toEqual([["a"], ["b", "x"]]);
});

test("what waited from the beginning goes at once, in as many requests as it takes", async () => {
  for (const text of ["a", "b", "c", "d", "e"]) record(text);
  await vi.advanceTimersByTimeAsync(INTERVAL_MS);
  expect(sent).toEqual([["a", "b"], ["c", "d"], ["e"]]);
});

test("an urgent one that comes while a request is under way does not wait for the interval", async () => {
  record("a", 0);
  meanwhile = [["urgent", 0]];
  await vi.advanceTimersByTimeAsync(10);
  expect(sent).toEqual([["a"], ["urgent"]]);
});

test("a flush also sends what comes while it sends", async () => {
  meanwhile = [["b"], ["c"]];
  record("a");
  await loop.flush();
  expect(sent).toEqual([["a"], ["b"], ["c"]]);
});
