// Which run a checkpoint of a thread belongs to.
import { expect, test } from "vitest";

import { MemoryRecorder } from "../../test/memory-recorder.ts";
import { Registry } from "./registry.ts";

function registered() {
  const recorder = new MemoryRecorder();
  const registry = new Registry(() => recorder);
  const run = (name: string) => ({ span: recorder.beginRun({ name }) });
  return { recorder, registry, run };
}
const thread = { id: "t" };

test("a checkpoint that comes before its run is kept for it", () => {
  const { recorder, registry, run } = registered();
  registry.keepEarly(thread, { state: 1 });
  registry.takeThread(thread, run("first"));
  expect(recorder.checkpoints).toMatchObject([{ state: 1, runName: "first" }]);
});

test("a run that has saved loses the thread to the next one that begins there, one that is new does not", () => {
  const { registry, run } = registered();
  const first = run("first");
  registry.takeThread(thread, first);
  registry.invocationBegins(thread);
  expect(registry.workerOn(thread)?.span).toBe(first.span);
  registry.workerOn(thread)!.hasSaved = true;
  registry.invocationBegins(thread);
  expect(registry.workerOn(thread)).toBeUndefined();
});

test("a run of its own takes the thread over, and the one before ends if it can", () => {
  const { registry, run } = registered();
  let settled = 0;
  registry.takeThread(thread, { ...run("first"), settle: () => (settled += 1) });
  const second = run("second");
  registry.takeThread(thread, second);
  expect(settled).toBe(1);
  expect(registry.workerOn(thread)?.span).toBe(second.span);
});

test("an agent inside has its own namespace; other graphs inside belong to the whole", () => {
  const { recorder, registry } = registered();
  const whole = recorder.beginRun({ name: "whole" });
  const inner = whole.run(() => recorder.beginRun({ name: "inner" }));
  registry.takeThread(thread, { span: whole });
  registry.takeThread({ id: "t", namespace: "inner:1" }, { span: inner });
  expect(registry.workerOn({ id: "t", namespace: "inner:1" })?.span).toBe(inner);
  expect(registry.workerOn({ id: "t", namespace: "other:1" })?.span).toBe(whole);
  expect(registry.workerOn({ id: "u", namespace: "inner:1" })).toBeUndefined();
});
