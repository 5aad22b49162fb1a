import { afterEach, expect, test } from "vitest";

import { Presence } from "./presence.ts";

let nowMs = 1_000_000;
let came = 0;
let stored = 0;
let presence: Presence<number> | undefined;

afterEach(() => presence?.close());

function begin(): Presence<number> {
  nowMs = 1_000_000;
  came = stored = 0;
  const way = { mark: async () => came, hasStored: (mark: number) => stored >= mark };
  presence = new Presence({ way, now: () => nowMs });
  return presence;
}

async function pass(one: Presence<number>, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    nowMs += 1_000;
    await one.tick();
  }
}

test("what is stored can be read up to a moment ago", async () => {
  const one = begin();
  expect(one.attendance).toEqual({ since: 1_000_000, until: 1_000_000 });
  await pass(one, 60);
  expect(one.attendance).toEqual({ since: 1_000_000, until: 1_059_000 });
});

test("while the store is behind, time does not pass, also where it never catches up wholly", async () => {
  const one = begin();
  await pass(one, 10);
  came = 7;
  await pass(one, 30);
  expect(one.attendance.until).toBeLessThanOrEqual(1_011_000);
  // More comes all the time, and each second what came in the one before is stored.
  for (let second = 0; second < 20; second += 1) {
    stored = came;
    came += 5;
    await pass(one, 1);
  }
  expect(one.attendance.until).toBeGreaterThan(1_050_000);
  expect(one.attendance.since).toBe(1_000_000);
});

test("a machine that slept, a clock that was set back, and a request that was refused begin anew", async () => {
  const one = begin();
  await pass(one, 5);
  nowMs += 3_600_000;
  await one.tick();
  expect(one.attendance.since).toBe(nowMs);
  await pass(one, 5);
  nowMs -= 60_000;
  await one.tick();
  expect(one.attendance.since).toBe(nowMs);
  await pass(one, 5);
  one.missed();
  expect(one.attendance.since).toBe(nowMs);
});
