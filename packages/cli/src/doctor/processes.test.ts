import { expect, test } from "vitest";

import type { Process, ProcessCounts } from "../answers.ts";
import { examineProcess } from "./processes.ts";

const counts = (some: Partial<ProcessCounts>): ProcessCounts => ({
  recorded: 0,
  delivered: 0,
  spooled: 0,
  buffered: 0,
  dropped: {},
  fromDisk: 0,
  ...some,
});

const process = (some: Partial<Process>): Process => ({
  instanceId: "i",
  service: "scout",
  host: "desk",
  pid: 7,
  sdkVersion: "1.0.0",
  state: "idle",
  startedAt: "",
  reportedAt: "",
  heardAt: "",
  openRuns: 0,
  spans: counts({ recorded: 21, delivered: 21 }),
  content: counts({ recorded: 1, delivered: 1 }),
  redelivered: 0,
  ...some,
});

test("a process that lost nothing is fine, in one line", () => {
  expect(examineProcess(process({}))).toEqual({
    name: "process",
    state: "ok",
    found: "scout on desk, pid 7: 21 spans = 21 delivered; 1 piece of content = 1 delivered",
  });
  expect(examineProcess(process({ state: "running", openRuns: 2 })).found).toContain("pid 7, 2 open runs: ");
});

test("losses are told with their reasons and what to do, each once", () => {
  const { state, found, advice } = examineProcess(
    process({
      spans: counts({ recorded: 21, delivered: 15, dropped: { buffer_full: 4, rejected_401: 2 } }),
      content: counts({ recorded: 30, delivered: 10, dropped: { buffer_full: 19, gone_from_store: 1 } }),
    }),
  );
  expect(advice).toContain("deleted from the store");
  expect(state).toBe("warning");
  expect(found).toContain("21 spans = 15 delivered + 4 lost (buffer_full) + 2 lost (rejected_401)");
  expect(advice?.match(/bufferMaxBytes/g)).toHaveLength(1);
  expect(advice).toContain("RUNREEL_API_KEY");
});

test("a process that is gone is told with its open runs and what it had in memory", () => {
  const { state, found, advice } = examineProcess(
    process({
      state: "lost",
      openRuns: 1,
      heardAt: "2026-11-21T10:00:00.000000000Z",
      spans: counts({ recorded: 9, delivered: 6, buffered: 3 }),
    }),
  );
  expect(state).toBe("warning");
  expect(found).toContain("pid 7, lost: 9 spans = 6 delivered + 3 waiting");
  expect(advice).toBe(
    "It is gone without a word, with 1 open run, last heard of 2026-11-21 10:00:00 UTC; 3 spans that waited then are gone with it. See: runreel runs --status lost",
  );
});

test("what waits on a disk is told with where it is, and what waits in memory is no fault", () => {
  const waiting = examineProcess(
    process({ state: "ended", spans: counts({ recorded: 21, delivered: 1, spooled: 20 }) }),
  );
  expect(waiting).toMatchObject({
    state: "warning",
    advice: "What is on disk of desk goes with the next start there, or: runreel spool send",
  });
  expect(waiting.found).toContain("21 spans = 1 delivered + 20 on disk");
  const busy = examineProcess(process({ spans: counts({ recorded: 5, buffered: 5 }) }));
  expect(busy).toMatchObject({ state: "ok", found: expect.stringContaining("5 spans = 5 waiting") as string });
});
