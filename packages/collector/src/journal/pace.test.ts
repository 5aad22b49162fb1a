// Proves that senders are held to the reader's pace while it moves, and never for long.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Pace } from "./pace.ts";

const NEAR_BYTES = 100;
const WAIT_MAX_MS = 1000;
const STALL_MS = 3000;

let unread: number;
let pace: Pace;
let gone: string[];

beforeEach(() => {
  vi.useFakeTimers();
  unread = 0;
  gone = [];
  pace = new Pace({ unreadBytes: () => unread, nearBytes: NEAR_BYTES, waitMaxMs: WAIT_MAX_MS, stallMs: STALL_MS });
});

afterEach(() => vi.useRealTimers());

async function append(name: string, bytes: number): Promise<void> {
  await pace.turn(bytes);
  gone.push(name);
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

/** The reader was seen to move, and is behind. */
function fallBehind(): void {
  pace.moved();
  unread = NEAR_BYTES;
}

test("nobody waits while the reader is near", async () => {
  pace.moved();
  unread = NEAR_BYTES - 1;
  await append("a", 500);
  expect(gone).toEqual(["a"]);
});

test("those behind go on in order, no more than the reader made room for", async () => {
  fallBehind();
  for (const name of ["a", "b", "c"]) void append(name, 40);
  await settle();
  expect(gone).toEqual([]);
  unread = 30;
  pace.moved();
  void append("d", 1);
  await settle();
  expect(gone).toEqual(["a", "b"]);
  pace.moved();
  await settle();
  expect(gone).toEqual(["a", "b", "c", "d"]);
});

test("nobody waits longer than is allowed", async () => {
  fallBehind();
  void append("a", 40);
  await vi.advanceTimersByTimeAsync(WAIT_MAX_MS / 2);
  void append("b", 40);
  await vi.advanceTimersByTimeAsync(WAIT_MAX_MS / 2);
  expect(gone).toEqual(["a"]);
});

test("a reader that never moved, or not for long, is not waited for", async () => {
  unread = NEAR_BYTES;
  await append("a", 40);
  pace.moved();
  await vi.advanceTimersByTimeAsync(STALL_MS + 1);
  await append("b", 40);
  expect(gone).toEqual(["a", "b"]);
});

test("nobody waits for a reader that says it cannot go on, until it moves again", async () => {
  fallBehind();
  void append("a", 40);
  pace.stop();
  await settle();
  await append("b", 40);
  pace.moved();
  void append("c", 40);
  await settle();
  expect(gone).toEqual(["a", "b"]);
});
