import { expect, test } from "vitest";
import { AskBoard } from "./ask-board.ts";

const hashes = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, at) => (at + from).toString(16).padStart(32, "0"));

test("a process is told until it says that it has heard, and nobody else is", () => {
  const board = new AskBoard();
  expect(board.askForBlobs("a", hashes(2))).toBe(2);
  expect(board.take("b", undefined)).toBeUndefined();
  const lost = board.take("a", undefined)!;
  expect(lost.blobs).toEqual(hashes(2));
  const told = board.take("a", undefined)!;
  expect(told.blobs).toEqual(hashes(2));
  expect(board.take("a", lost.token)).toMatchObject({ blobs: hashes(2) });
  const last = board.take("a", "something else")!;
  expect(board.take("a", last.token)).toBeUndefined();
  expect(board.take("a", undefined)).toBeUndefined();
});

test("what comes up after an answer goes into the next one", () => {
  const board = new AskBoard();
  board.askForBlobs("a", hashes(1));
  const { token } = board.take("a", undefined)!;
  board.askForBlobs("a", hashes(1, 1));
  expect(board.take("a", token)?.blobs).toEqual(hashes(1, 1));
});

test("an answer tells no more than a sender reads, and the rest comes with the next", () => {
  const board = new AskBoard();
  board.askForBlobs("a", hashes(700));
  const first = board.take("a", undefined)!;
  expect(JSON.stringify(first).length).toBeLessThan(32 * 1024);
  const second = board.take("a", first.token)!;
  expect([...first.blobs, ...second.blobs]).toEqual(hashes(700));
  expect(board.take("a", second.token)).toBeUndefined();
});

test("a run is asked for until its process has heard", () => {
  const board = new AskBoard();
  const [one, other] = hashes(2) as [string, string];
  board.askToKeep("a", one, "it loops");
  board.askToKeep("a", other, "it loops");
  board.askToKeep("a", one, "it loops for ever");
  const told = board.take("a", undefined)!;
  expect(told).toMatchObject({
    blobs: [],
    keep: [
      { runId: one, reason: "it loops for ever" },
      { runId: other, reason: "it loops" },
    ],
  });
  expect(board.take("a", undefined)?.keep).toHaveLength(2);
  const { token } = board.take("a", undefined)!;
  expect(board.take("a", token)).toBeUndefined();
  for (const runId of hashes(2_000)) board.askToKeep("a", runId, "long ".repeat(40));
  expect(JSON.stringify(board.take("a", undefined)).length).toBeLessThan(32 * 1024);
});

test("a blob is asked for again only after a while", () => {
  let nowMs = 0;
  const board = new AskBoard(() => nowMs);
  expect(board.askForBlobs("a", hashes(1))).toBe(1);
  board.take("a", board.take("a", undefined)!.token);
  expect(board.askForBlobs("a", hashes(1))).toBe(0);
  expect(board.take("a", undefined)).toBeUndefined();
  nowMs = 10 * 60 * 1000;
  expect(board.askForBlobs("a", hashes(1))).toBe(1);
  expect(board.take("a", undefined)?.blobs).toEqual(hashes(1));
});

test("it holds a limited number, whoever is missing whatever", () => {
  const board = new AskBoard();
  for (let at = 0; at < 2_100; at += 1) board.askForBlobs(`process ${at}`, hashes(1));
  expect(board.take("process 0", undefined)).toBeUndefined();
  expect(board.take("process 2099", undefined)?.blobs).toHaveLength(1);
  expect(board.askForBlobs("greedy", hashes(6_000))).toBe(5_000);
});
