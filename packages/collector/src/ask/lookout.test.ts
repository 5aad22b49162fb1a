import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Lookout } from "./lookout.ts";

let looks = 0;
let tookMs = 0;
let isBusy = false;
let isHurried = false;
let lookout: Lookout;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  [looks, tookMs, isBusy, isHurried] = [0, 0, false, false];
  const check = async (): Promise<boolean> => {
    looks += 1;
    await new Promise((resolve) => setTimeout(resolve, tookMs));
    if (tookMs === 0) throw new Error("nobody there");
    return isHurried;
  };
  lookout = new Lookout({ intervalMs: 100, check, isBusy: () => isBusy });
});
afterEach(async () => {
  await lookout.close();
  vi.useRealTimers();
});

test("looks once for what is new, also after a look that failed", async () => {
  await vi.advanceTimersByTimeAsync(1_000);
  expect(looks).toBe(1);
  lookout.stir();
  lookout.stir();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(looks).toBe(2);
});

test("waits while there is something more urgent", async () => {
  isBusy = true;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(looks).toBe(0);
  isBusy = false;
  await vi.advanceTimersByTimeAsync(200);
  expect(looks).toBe(1);
});

test("rests for twenty times as long as it took", async () => {
  tookMs = 50;
  await vi.advanceTimersByTimeAsync(160);
  lookout.stir();
  await vi.advanceTimersByTimeAsync(900);
  expect(looks).toBe(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(looks).toBe(2);
  await vi.advanceTimersByTimeAsync(60);
});

test("looks again soon where there is more", async () => {
  [tookMs, isHurried] = [50, true];
  await vi.advanceTimersByTimeAsync(160);
  lookout.stir();
  await vi.advanceTimersByTimeAsync(160);
  expect(looks).toBe(2);
  await vi.advanceTimersByTimeAsync(60);
});

test("looks no more once it is closed", async () => {
  await lookout.close();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(looks).toBe(0);
});
