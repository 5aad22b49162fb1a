// An agent works for longer than its memory lasts while nobody listens. What had to go is content; every run, every token is there, and each run
// says what of it is not.
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCollector, describeFaults, loadConfig } from "@runreel/collector";
import type { Collector } from "@runreel/collector";
import { flush, run, shutdown, start, status } from "@runreel/sdk";
import { recorder } from "@runreel/sdk/adapter";
import { afterEach, expect, test } from "vitest";

let dataDir: string | undefined;
let collector: Collector | undefined;

afterEach(async () => {
  await shutdown();
  await collector?.stop();
  if (dataDir !== undefined) await rm(dataDir, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startCollector(port: number): Promise<Collector> {
  dataDir = await mkdtemp(join(tmpdir(), "runreel-lost-"));
  const loaded = loadConfig({
    environment: {},
    overrides: { listen: `127.0.0.1:${port}`, dataDir, logLevel: "fatal" },
  });
  if (!loaded.ok) throw new Error(describeFaults(loaded.faults));
  const created = await createCollector(loaded.config);
  await created.listen();
  return created;
}

interface ShownRun {
  runId: string;
  tokens: { input: number; output: number };
  steps: number;
  lostContent: { spans: number; reason: string } | null;
}

interface ShownDetail {
  run: ShownRun;
  steps: { contentMissing: boolean }[];
}

const RUNS = 60;
/** Text that hardly shrinks. */
const noise = (seed: number): string => {
  let state = seed + 1;
  const next = (): string => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return (state >>> 0).toString(36);
  };
  return Array.from({ length: 4_000 }, next).join("");
};

test("each run says what of its content was not kept, and roots and usage are all there", async () => {
  const port = await freePort();
  start({ endpoint: `http://127.0.0.1:${port}`, bufferMaxBytes: 1024 * 1024, spool: false, diagnostics: () => {} });
  for (let index = 0; index < RUNS; index += 1) {
    await run(`run ${index}`, async () => {
      const span = recorder().beginInference({
        model: "m",
        messages: [{ role: "user", parts: [{ type: "text", content: noise(index) }] }],
      });
      span.end({
        output: { role: "assistant", parts: [{ type: "text", content: noise(-index - 2) }] },
        usage: { inputTokens: 7, outputTokens: 3 },
      });
    });
  }
  expect(status().dropped).toEqual({});
  expect(status().content.dropped["buffer_full"]).toBeGreaterThan(0);

  collector = await startCollector(port);
  await expect.poll(async () => (await flush()).buffered, { timeout: 30_000 }).toBe(0);
  await collector.flush();
  const get = async <T>(path: string): Promise<T> =>
    (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as T;
  const { runs } = await get<{ runs: ShownRun[] }>(`/api/runs?limit=${RUNS}`);
  expect(runs).toHaveLength(RUNS);
  let missing = 0;
  for (const one of runs) {
    expect(one).toMatchObject({ steps: 1, tokens: { input: 7, output: 3 } });
    const detail = await get<ShownDetail>(`/api/runs/${one.runId}`);
    const isMissing = detail.steps.some((step) => step.contentMissing);
    missing += Number(isMissing);
    // The step alone: the run itself has no content.
    expect(detail.run.lostContent).toEqual(isMissing ? { spans: 1, reason: "buffer_full" } : null);
  }
  expect(missing).toBeGreaterThan(0);
  expect(missing).toBeLessThan(RUNS);
});
