import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Ledger } from "../status.ts";
import type { Tally } from "../status.ts";
import { ProcessReporter } from "./process-reporter.ts";

let ledger: Ledger;
let reporter: ProcessReporter;
let wakes = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  ledger = new Ledger();
  wakes = 0;
  reporter = new ProcessReporter({ ledger, now: () => [1, 2], wake: () => (wakes += 1) });
  reporter.isGoing = true;
});

afterEach(() => {
  reporter.stop();
  vi.useRealTimers();
});

const NOTHING = { spans: 0, content: 0 };

/** A request goes, with so many spans. */
function goes(spans: number): boolean {
  const report = reporter.along({ spans, content: 0 }, true);
  ledger.spans.delivered += spans;
  return report !== undefined;
}

test("a process that records nothing says nothing, and sets no timer", () => {
  reporter.isEnding = true;
  expect(reporter.hasNews).toBe(false);
  expect(reporter.alone()).toBeUndefined();
  expect(vi.getTimerCount()).toBe(0);
});

test("a report goes along every ten seconds at most, and at once when the first run opens", () => {
  ledger.spans.recorded = 4;
  expect(goes(1)).toBe(true);
  vi.advanceTimersByTime(5_000);
  expect(goes(1)).toBe(false);
  ledger.openRuns = 1;
  expect(goes(1)).toBe(true);
  ledger.openRuns = 2;
  vi.advanceTimersByTime(9_999);
  expect(goes(0)).toBe(false);
  vi.advanceTimersByTime(1);
  expect(goes(0)).toBe(true);
});

test("what is only packed, or put on disk, carries none", () => {
  ledger.spans.recorded = 1;
  reporter.isGoing = false;
  expect(goes(1)).toBe(false);
});

test("it wakes while runs are open or something is untold, and then no more", () => {
  ledger.spans.recorded = 1;
  ledger.openRuns = 1;
  expect(goes(0)).toBe(true);
  vi.advanceTimersByTime(10_000);
  expect(wakes).toBe(1);
  expect(reporter.alone()).toBeDefined();
  // The endpoint is away, and nothing is taken: there is another look.
  vi.advanceTimersByTime(20_000);
  expect(wakes).toBe(3);
  ledger.openRuns = 0;
  expect(goes(1)).toBe(true);
  vi.advanceTimersByTime(600_000);
  expect(wakes).toBe(3);
  expect(vi.getTimerCount()).toBe(0);
});

test("a process that ends says so where runs are open, and takes it back when it goes on", () => {
  ledger.openRuns = 1;
  ledger.spans.recorded = 1;
  expect(goes(0)).toBe(true);
  reporter.isEnding = true;
  expect(reporter.alone()?.attributes["runreel.process.ended"]).toBe(true);
  expect(reporter.alone()).toBeUndefined();
  reporter.isEnding = false;
  expect(reporter.along(NOTHING, true)?.attributes["runreel.process.ended"]).toBe(false);
});

test("what is told adds up whatever became of it, and the sequence grows, receipts among them", () => {
  const step = fc.constantFrom("record", "deliver", "drop", "spool", "fromDisk", "sampleOut", "refuse" as const);
  fc.assert(
    fc.property(fc.array(step), fc.nat({ max: 3 }), (steps, load) => {
      const { spans }: { spans: Tally } = new Ledger();
      const own = new Ledger();
      Object.assign(own, { spans });
      for (const what of steps) {
        if (what === "record") spans.recorded += 1;
        else if (what === "fromDisk" && spans.spooled > 0) spans.unspool(1, "delivered");
        else if (what === "refuse") spans.takeBack(1, "rejected_by_endpoint");
        else if (spans.buffered === 0) continue;
        else if (what === "deliver") spans.delivered += 1;
        else if (what === "drop") spans.drop("buffer_full");
        else if (what === "spool") spans.spooled += 1;
        else if (what === "sampleOut") spans.sampledOut += 1;
      }
      const one = new ProcessReporter({ ledger: own, now: () => [1, 2], wake: () => {} });
      one.isGoing = true;
      const receipt = one.receipt(NOTHING).attributes["runreel.process.sequence"];
      const { attributes } = one.along({ spans: Math.min(load, spans.buffered), content: 0 }, true)!;
      one.stop();
      expect(attributes["runreel.process.sequence"]).toBeGreaterThan(receipt as number);
      const told = JSON.parse(attributes["runreel.process.spans"] as string) as Record<string, number> & {
        dropped: Record<string, number>;
      };
      const dropped = Object.values(told.dropped).reduce((sum, count) => sum + count, 0);
      expect(told["recorded"]).toBe(told["delivered"]! + told["spooled"]! + told["buffered"]! + dropped);
    }),
  );
});
