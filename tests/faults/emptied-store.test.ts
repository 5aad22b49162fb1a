// An agent goes on while the collector's data is deleted under it. What it says from then on is readable in full, also what it had said before.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCollector, describeFaults, loadConfig } from "@runreel/collector";
import type { Collector } from "@runreel/collector";
import { flush, run, shutdown, start, status } from "@runreel/sdk";
import { recorder } from "@runreel/sdk/adapter";
import { afterEach, expect, test } from "vitest";

const folders: string[] = [];
let collector: Collector | undefined;

afterEach(async () => {
  await shutdown();
  await collector?.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A collector with nothing in it. */
async function emptyCollector(port: number): Promise<Collector> {
  const dataDir = await mkdtemp(join(tmpdir(), "runreel-emptied-"));
  folders.push(dataDir);
  const overrides = { listen: `127.0.0.1:${port}`, dataDir, logLevel: "fatal" };
  const loaded = loadConfig({ environment: {}, overrides });
  if (!loaded.ok) throw new Error(describeFaults(loaded.faults));
  const created = await createCollector(loaded.config);
  await created.listen();
  return created;
}

interface ShownSpan {
  contentMissing: boolean;
  arguments: { messages: unknown[]; system: unknown };
  result: unknown;
}

test("what was sent to a store that is gone is sent again", async () => {
  collector = await emptyCollector(0);
  const { address } = collector;
  start({ endpoint: address, startRecords: false, diagnostics: () => {} });

  const system = [{ type: "text", content: "You answer questions. ".repeat(200) }];
  const messages: { role: string; parts: { type: string; content: string }[] }[] = [];
  const say = (role: string, content: string): void => void messages.push({ role, parts: [{ type: "text", content }] });
  const steps: { traceId: string; spanId: string; messages: unknown[]; answer: string }[] = [];
  const ask = (): void => {
    say("user", `question ${steps.length}: ${"why? ".repeat(300)}`);
    const span = recorder().beginInference({ model: "m", messages: [...messages], system });
    const answer = `answer ${steps.length}: ${"because. ".repeat(300)}`;
    steps.push({ traceId: span.traceId, spanId: span.spanId, messages: [...messages], answer });
    say("assistant", answer);
    span.end({ output: messages.at(-1), usage: { inputTokens: 1, outputTokens: 1 } });
  };
  const show = async ({ traceId, spanId }: (typeof steps)[number]): Promise<ShownSpan> => {
    const response = await fetch(`${address}/api/runs/${traceId}/spans/${spanId}`);
    expect(response.status).toBe(200);
    return (await response.json()) as ShownSpan;
  };

  await run("long talk", async () => {
    for (let step = 0; step < 20; step += 1) ask();
    expect(await flush()).toMatchObject({ delivered: 20, buffered: 0 });
    await collector?.stop();
    collector = await emptyCollector(Number(new URL(address).port));
    for (let step = 0; step < 20; step += 1) {
      ask();
      if (step % 5 === 0) await flush();
    }
  });
  expect(await flush()).toMatchObject({ dropped: 0, buffered: 0 });
  await collector?.flush();

  for (const step of steps.slice(20)) {
    const shown = await show(step);
    expect(shown.contentMissing).toBe(false);
    expect(shown.arguments).toMatchObject({ messages: step.messages, system });
    expect(shown.result).toMatchObject({ parts: [{ content: step.answer }] });
  }
  // Sent again once, not with every step: forty times the conversation would be two hundred pieces more.
  expect(status().content.recorded).toBeLessThan(300);
});
