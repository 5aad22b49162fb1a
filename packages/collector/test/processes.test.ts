// What processes say of themselves goes in as the SDK sends it, and is asked of the real store.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProcessesAnswer } from "../src/query/list-processes.ts";
import { runCollector, type RunningCollector } from "./running-collector.ts";

let running: RunningCollector;

beforeAll(async () => {
  running = await runCollector();
});

afterAll(() => running?.stop());

interface Said {
  sequence: number;
  spans?: object;
  ended?: boolean;
  openRuns?: number;
  fromDisk?: object;
}

const counts = { recorded: 10, delivered: 10, spooled: 0, buffered: 0, fromDisk: 0, dropped: {} };

/** A request with nothing but what processes say, in this order. */
function saying(instance: string, ...said: Said[]): unknown {
  const at = BigInt(Date.now()) * 1_000_000n;
  const attribute = (key: string, value: unknown) => ({
    key,
    value:
      typeof value === "string"
        ? { stringValue: value }
        : typeof value === "boolean"
          ? { boolValue: value }
          : { intValue: String(value) },
  });
  const spans = said.map(({ sequence, spans: told, ended = false, openRuns = 0, fromDisk }) => ({
    name: "runreel.process",
    traceId: randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    startTimeUnixNano: String(at - 5_000_000_000n),
    endTimeUnixNano: String(at),
    attributes: [
      attribute("process.pid", 4711),
      attribute("host.name", "desk"),
      attribute("runreel.process.sequence", sequence),
      ...(fromDisk === undefined
        ? [
            attribute("runreel.process.ended", ended),
            attribute("runreel.process.open_runs", openRuns),
            attribute("runreel.process.interval_ms", 10_000),
            attribute("runreel.process.spans", JSON.stringify(told ?? counts)),
            attribute("runreel.process.content", JSON.stringify(counts)),
            attribute("runreel.process.redelivered", 3),
          ]
        : [attribute("runreel.process.from_disk", JSON.stringify(fromDisk))]),
    ],
  }));
  const resource = {
    attributes: [
      attribute("service.name", "scout"),
      attribute("service.instance.id", instance),
      attribute("telemetry.sdk.version", "9.9.9"),
    ],
  };
  return { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] };
}

async function processOf(instance: string) {
  const { body } = await running.get<ProcessesAnswer>("/api/processes");
  return body.processes.find(({ instanceId }) => instanceId === instance);
}

test("the report with the highest sequence counts, whatever came last, and a report is no span and no run", async () => {
  const recorded = (count: number) => ({ ...counts, recorded: count, delivered: count });
  await running.store(saying("a", { sequence: 2, spans: recorded(20), openRuns: 1 }));
  await running.store(saying("a", { sequence: 3, spans: recorded(30) }, { sequence: 1, spans: recorded(5) }));
  expect(await processOf("a")).toMatchObject({
    service: "scout",
    host: "desk",
    pid: 4711,
    sdkVersion: "9.9.9",
    state: "idle",
    spans: { recorded: 30, delivered: 30 },
    content: counts,
    redelivered: 3,
  });
  await running.store(saying("a", { sequence: 4, openRuns: 2 }));
  expect(await processOf("a")).toMatchObject({ state: "running", openRuns: 2 });
  await running.store(saying("a", { sequence: 5, openRuns: 2, ended: true }));
  expect(await processOf("a")).toMatchObject({ state: "ended" });
  expect((await running.get("/api/runs")).body).toMatchObject({ runs: [] });
});

test("what comes from disk is not waiting any more, each receipt once, and never more than was put there", async () => {
  const told = { recorded: 10, delivered: 2, spooled: 7, buffered: 0, fromDisk: 0, dropped: { spool_full: 1 } };
  await running.store(saying("b", { sequence: 3, spans: told }));
  const receipt = { sequence: 2, fromDisk: { spans: 4, content: 1 } };
  await running.store(saying("b", receipt));
  await running.store(saying("b", receipt));
  expect((await processOf("b"))?.spans).toEqual({ ...told, delivered: 6, spooled: 3, fromDisk: 4 });
  await running.store(saying("b", { sequence: 1, fromDisk: { spans: 9, content: 0 } }));
  expect((await processOf("b"))?.spans).toEqual({ ...told, delivered: 9, spooled: 0, fromDisk: 7 });
});

test("a process that delivers from disk itself is not counted twice", async () => {
  await running.store(saying("c", { sequence: 1, fromDisk: { spans: 4, content: 0 } }));
  expect(await processOf("c")).toBeUndefined();
  const told = { recorded: 10, delivered: 6, spooled: 3, buffered: 1, fromDisk: 4, dropped: {} };
  await running.store(saying("c", { sequence: 2, spans: told }));
  expect((await processOf("c"))?.spans).toEqual(told);
});

test("losses are counted by reason, each once, and what makes no sense is left out and counted", async () => {
  const dropped = (count: number) => ({ ...counts, delivered: 10 - count, dropped: { buffer_full: count } });
  const lost = () => running.collector.metrics.total("runreel_sdk_dropped_total", { reason: "buffer_full" });
  const young = BigInt(Date.now() + 60_000) * 1_000_000n;
  const started = (request: unknown) =>
    JSON.parse(JSON.stringify(request).replaceAll(/"startTimeUnixNano":"\d+"/g, `"startTimeUnixNano":"${young}"`));
  await running.store(started(saying("d", { sequence: 1, spans: dropped(2) })));
  await running.store(started(saying("d", { sequence: 2, spans: dropped(5) }, { sequence: 1, spans: dropped(2) })));
  expect(await lost()).toBe(5);
  // Older than this collector: what it had lost before was counted before.
  await running.store(saying("e", { sequence: 7, spans: dropped(4) }));
  const before = await lost();
  await running.store(saying("e", { sequence: 8, spans: dropped(6) }));
  expect((await lost()) - before).toBe(2);

  await running.store(saying("f", { sequence: 1, spans: { recorded: -1 } }));
  await running.store(saying("", { sequence: 1 }));
  expect(await running.collector.metrics.total("runreel_left_out_total", { reason: "invalid_process_report" })).toBe(2);
  expect(await processOf("f")).toBeUndefined();
});
