// The user's saver stays what it is, and what it saves is recorded as checkpoints of the run.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph-checkpoint";
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import { createAgent, tool } from "langchain";
import { expect, test } from "vitest";
import { z } from "zod";

import { createRunreelMiddleware } from "../src/middleware/create-middleware.ts";
import { Registry } from "../src/record/registry.ts";
import { createRecordingSaver } from "../src/saver/recording-saver.ts";
import { MemoryRecorder } from "./memory-recorder.ts";
import { ScriptedModel } from "./scripted-model.ts";

const look = tool(() => "seen", { name: "look", description: "Looks", schema: z.object({}) });

test("LangGraph's own suite passes: 717 of its 718 tests, as for the saver alone", async () => {
  const folder = fileURLToPath(new URL("validation", import.meta.url));
  const vitest = fileURLToPath(import.meta.resolve("vitest/package.json")).replace("package.json", "vitest.mjs");
  const outputFile = join(mkdtempSync(join(tmpdir(), "runreel-saver-")), "report.json");
  const options = ["run", "--root", folder, "--reporter=json", `--outputFile=${outputFile}`];
  await promisify(execFile)(process.execPath, [vitest, ...options]);
  const report = JSON.parse(readFileSync(outputFile, "utf8")) as {
    numPassedTests: number;
    numFailedTests: number;
    numTotalTests: number;
  };
  expect(report).toMatchObject({ numPassedTests: 717, numFailedTests: 0, numTotalTests: 718 });
});

test("every saved state becomes a checkpoint of the run, the first one too, without the graph's own channels", async () => {
  const recorder = new MemoryRecorder();
  const registry = new Registry(() => recorder);
  const agent = createAgent({
    model: new ScriptedModel([{ tools: [{ name: "look", args: {} }] }, { text: "done" }]),
    tools: [look],
    name: "looker",
    middleware: [createRunreelMiddleware(() => recorder, registry, {})],
    checkpointer: createRecordingSaver(() => recorder, registry, new MemorySaver()),
  });
  await agent.invoke({ messages: [new HumanMessage("go")] }, { configurable: { thread_id: "t" } });
  recorder.flush();

  expect(recorder.checkpoints.map(({ label }) => label)).toEqual(["input/-1", "loop/0", "loop/1", "loop/2", "loop/3"]);
  expect(recorder.checkpoints.every(({ runName }) => runName === "looker")).toBe(true);
  const states = recorder.checkpoints.map(({ state }) => state as { messages?: unknown[] });
  expect(states.map(({ messages }) => messages?.length ?? 0)).toEqual([0, 1, 2, 3, 4]);
  expect(states.at(-1)?.messages?.[3]).toBeInstanceOf(AIMessage);
  expect(new Set(states.flatMap((state) => Object.keys(state)))).toEqual(new Set(["messages"]));
});

test("everything of the user's saver is there: its class, its private members, what no interface knows", async () => {
  class Special extends MemorySaver {
    readonly #secret = 42;
    isReady = false;
    setup(): number {
      this.isReady = true;
      return this.#secret;
    }
  }
  const recorder = new MemoryRecorder();
  const special = new Special();
  const saver = createRecordingSaver(() => recorder, new Registry(() => recorder), special);
  expect(saver).toBeInstanceOf(Special);
  expect(saver.setup()).toBe(42);
  expect(saver.isReady).toBe(true);
  expect(Reflect.get(saver, "setup")).toBe(Reflect.get(saver, "setup"));
  saver.isReady = false;
  expect(special.isReady).toBe(false);
});

test("a saver that fails fails as before", async () => {
  class Broken extends MemorySaver {
    override put: MemorySaver["put"] = () => Promise.reject(new Error("disk full"));
  }
  const recorder = new MemoryRecorder();
  const saver = createRecordingSaver(() => recorder, new Registry(() => recorder), new Broken() as BaseCheckpointSaver);
  const checkpoint = { v: 4, id: "1", ts: "", channel_values: {}, channel_versions: {}, versions_seen: {} };
  const saving = saver.put(
    { configurable: { thread_id: "t" } },
    checkpoint,
    { source: "input", step: -1, parents: {} },
    {},
  );
  await expect(saving).rejects.toThrow("disk full");
  expect(recorder.checkpoints).toEqual([]);
});

test("what a newer LangGraph hands to putWrites goes through as it came", async () => {
  const given: unknown[][] = [];
  const saver = Object.assign(new MemorySaver(), {
    putWrites: async (...args: unknown[]) => void given.push(args),
  });
  const recorder = new MemoryRecorder();
  const listened = createRecordingSaver(() => recorder, new Registry(() => recorder), saver);
  const args = [{ configurable: { thread_id: "t" } }, [["__interrupt__", 1]], "task", "~, 0000000001"];
  await (listened.putWrites as (...args: unknown[]) => Promise<void>)(...args);
  expect(given).toEqual([args]);
});
