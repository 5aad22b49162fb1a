// Keys, projects, a full journal, and a restart.
import { afterEach, expect, test } from "vitest";
import type { Run } from "../src/query/run.ts";
import { createCollector, loadConfig } from "@runreel/collector";
import { failingRun } from "./recorded-run.ts";
import { runCollector, type Answer, type RunningCollector } from "./running-collector.ts";

let running: RunningCollector | undefined;

afterEach(() => running?.stop());

const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

test("with keys, a request needs one, and sees its own project alone", async () => {
  const apiKeys = [
    { key: "key-of-the-shop-1234", project: "shop" },
    { key: "key-of-the-bank-1234", project: "bank" },
  ];
  running = await runCollector({ apiKeys, projects: ["shop", "bank"] });
  const run = failingRun();
  for (const headers of [{}, bearer("wrong"), { authorization: "Basic eDp5" }]) {
    const answer = await running.post("/v1/traces", run.request, headers);
    expect(answer).toMatchObject({ status: 401, body: { error: { code: "RUNREEL_REQUEST_UNAUTHORIZED" } } });
  }
  expect((await running.get("/healthz")).status).toBe(200);
  expect((await running.get("/metrics")).status).toBe(401);
  const basic = Buffer.from("public:key-of-the-shop-1234").toString("base64");
  const sent = await running.post("/v1/traces", run.request, { authorization: `Basic ${basic}` });
  expect(sent.status).toBe(200);
  await running.collector.flush();
  const shop = await running.get<{ runs: Run[] }>("/api/runs", bearer("key-of-the-shop-1234"));
  const bank = await running.get<{ runs: Run[] }>("/api/runs", bearer("key-of-the-bank-1234"));
  expect([shop.body.runs.length, bank.body.runs.length]).toEqual([1, 0]);
  const foreign = await running.get(`/api/runs/${run.runId}`, bearer("key-of-the-bank-1234"));
  expect(foreign.status).toBe(404);
  const sql = await running.post("/api/sql", { query: "SELECT 1" }, bearer("key-of-the-bank-1234"));
  expect(sql).toMatchObject({ status: 400, body: { error: { code: "RUNREEL_SQL_REFUSED" } } });
});

test("a full journal sends clients away, and loses nothing that it took", async () => {
  running = await runCollector({ journal: { maxBytes: 1024 * 1024 }, block: { maxAgeMs: 60_000 } });
  const sent: string[] = [];
  const padding = " ".repeat(200_000);
  let answer: Answer;
  do {
    const run = failingRun();
    answer = await running.post("/v1/traces", JSON.stringify(run.request) + padding);
    if (answer.status === 200) sent.push(run.runId);
  } while (answer.status === 200 && sent.length < 20);
  expect(answer).toMatchObject({ status: 503, body: { error: { code: "RUNREEL_JOURNAL_FULL" } } });
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  await running.collector.flush();
  const { body } = await running.get<{ runs: Run[] }>("/api/runs");
  expect(body.runs.map((run) => run.runId).sort()).toEqual(sent.sort());
  expect((await running.post("/v1/traces", failingRun().request)).status).toBe(200);
});

test("more requests at once than allowed are told to come again", async () => {
  running = await runCollector({ limits: { concurrentRequestsMax: 1 } });
  const runs = Array.from({ length: 20 }, () => failingRun());
  const answers = await Promise.all(runs.map(({ request }) => running!.post("/v1/traces", request)));
  const statuses = answers.map((answer) => answer.status);
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
  const refused = answers.find((answer) => answer.status === 503);
  expect(refused).toMatchObject({ body: { error: { code: "RUNREEL_COLLECTOR_OVERLOADED" } } });
  expect(refused!.headers.get("retry-after")).toBe("1");
  await running.collector.flush();
  const { body } = await running.get<{ runs: Run[] }>("/api/runs");
  expect(body.runs).toHaveLength(statuses.filter((status) => status === 200).length);
});

test("what was taken before a stop is there after the next start, and spans that come again are still known", async () => {
  running = await runCollector({ block: { maxAgeMs: 60_000 } });
  const run = failingRun();
  expect((await running.post("/v1/traces", run.request)).status).toBe(200);
  await running.collector.stop();
  const overrides = { listen: "127.0.0.1:0", dataDir: running.dataDir, logLevel: "fatal" };
  const loaded = loadConfig({ environment: {}, overrides });
  if (!loaded.ok) throw new Error("unreachable");
  const again = await createCollector(loaded.config);
  try {
    const address = await again.listen();
    const body = JSON.stringify(run.request);
    await fetch(`${address}/v1/traces`, { method: "POST", headers: { "content-type": "application/json" }, body });
    await again.flush();
    const { runs } = (await (await fetch(`${address}/api/runs`)).json()) as { runs: Run[] };
    expect(runs).toMatchObject([{ runId: run.runId, spans: 4, inferences: 1 }]);
  } finally {
    await again.stop();
  }
});

test("starting and stopping may be asked for at once, and more than once", async () => {
  running = await runCollector();
  const { collector } = running;
  expect(await Promise.all([collector.listen(), collector.listen()])).toEqual([running.address, running.address]);
  await Promise.all([collector.stop(), collector.stop()]);
  await expect(collector.listen()).rejects.toThrow("was stopped");
  await expect(fetch(`${running.address}/healthz`)).rejects.toThrow("fetch failed");
});

test("an address that is taken is said so, and leaves nothing running", async () => {
  running = await runCollector();
  const overrides = { listen: new URL(running.address).host, dataDir: `${running.dataDir}/other`, logLevel: "fatal" };
  const loaded = loadConfig({ environment: {}, overrides });
  if (!loaded.ok) throw new Error("unreachable");
  const other = await createCollector(loaded.config);
  await expect(other.listen()).rejects.toMatchObject({ code: "RUNREEL_ADDRESS_UNAVAILABLE" });
  await other.stop();
});
