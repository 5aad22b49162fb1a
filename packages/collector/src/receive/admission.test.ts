import { expect, test } from "vitest";
import { createAdmission, createGate } from "./admission.ts";

test("requests and bytes in progress are limited, and make room when they are over", () => {
  const admission = createAdmission({ concurrentRequestsMax: 3, inProgressMaxBytes: 100 });
  const leave = admission.enter(60);
  expect(() => admission.enter(60)).toThrow("1 requests with 60 bytes");
  admission.enter(40);
  leave();
  leave();
  admission.enter(30);
  admission.enter(30);
  expect(() => admission.enter(0)).toThrow("3 requests with 100 bytes");
});

test("a request alone is let in", () => {
  const admission = createAdmission({ concurrentRequestsMax: 3, inProgressMaxBytes: 100 });
  admission.enter(1000)();
  admission.enter(1000);
  expect(() => admission.enter(1)).toThrow("in progress");
});

test("a gate lets some through at once, the others in order, whatever becomes of them", async () => {
  const gate = createGate(2);
  let inside = 0;
  let most = 0;
  const order: number[] = [];
  const task = (at: number) => async () => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
    order.push(at);
    if (at % 3 === 0) throw new Error(`task ${at}`);
    return at;
  };
  const results = await Promise.allSettled(Array.from({ length: 10 }, (_, at) => gate(task(at))));
  expect(most).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(results.filter((result) => result.status === "rejected")).toHaveLength(4);
});
