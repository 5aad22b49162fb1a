// Proves that an endpoint that is down, slow, full or refusing costs the agent nothing, and that the counts always add up.
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

import { flush, run, shutdown, start, status, tool } from "@runreel/sdk";
import type { StartOptions, Status } from "@runreel/sdk";
import { recorder } from "@runreel/sdk/adapter";
import { afterEach, expect, test, vi } from "vitest";

import type { ReceivedSpan } from "./otlp-reader.ts";
import { createOtlpSink } from "./otlp-sink.ts";

afterEach(async () => {
  await shutdown();
});

const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

function expectBalanced({ recorded, delivered, spooled, dropped, buffered, content }: Status): void {
  expect(recorded).toBe(delivered + spooled + sum(dropped) + buffered);
  expect(content.recorded).toBe(content.delivered + sum(content.dropped) + content.buffered);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function agent(name: string, steps: number, size = 100): Promise<string> {
  const fetch = tool({
    name: "fetch",
    effect: "read",
    execute: async ({ page }: { page: string }) => page + "x".repeat(size),
  });
  return await run(name, async () => {
    for (let index = 0; index < steps; index += 1) await fetch({ page: `${name} ${index}` });
    return name;
  });
}

test("nobody listens: the agent is unaffected, one line is told, and all is delivered once somebody does", async () => {
  const port = await freePort();
  const lines: string[] = [];
  start({ endpoint: `http://127.0.0.1:${port}`, diagnostics: (line) => lines.push(line) });
  expect(await agent("offline", 20)).toBe("offline");
  expect(await flush()).toEqual({ delivered: 0, spooled: 0, dropped: 0, buffered: 21 });
  expect(await flush()).toMatchObject({ buffered: 21 });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`nobody listens at 127.0.0.1:${port}`);
  expectBalanced(status());
  expect(status().problem).toContain("nobody listens");

  await using sink = await createOtlpSink(port);
  expect(await flush()).toEqual({ delivered: 21, spooled: 0, dropped: 0, buffered: 0 });
  expect(sink.spans()).toHaveLength(21);
  for (const span of sink.spans()) {
    expect(await sink.content(span.attributes["runreel.content.output"])).toMatch(/^offline/);
  }
  expect(status()).toMatchObject({ recorded: 21, delivered: 21, bufferedBytes: 0, problem: undefined });
});

test("a full buffer gives up content, then leaves, and keeps roots and usage; every loss is counted", async () => {
  const port = await freePort();
  start({ endpoint: `http://127.0.0.1:${port}`, bufferMaxBytes: 1024 * 1024, diagnostics: () => {} });
  for (let index = 0; index < 100; index += 1) {
    await run(`run ${index}`, async () => {
      recorder()
        .beginInference({ model: "m", messages: [{ role: "user", parts: [{ text: `${index} `.repeat(1000) }] }] })
        .end({ usage: { inputTokens: 1, outputTokens: 1 } });
      for (let call = 0; call < 20; call += 1) {
        recorder().beginTool({ name: "t", arguments: { index, call }, effect: "none" }).end({ output: call });
      }
    });
  }
  const full = status();
  expectBalanced(full);
  expect(full.bufferedBytes).toBeLessThanOrEqual(1024 * 1024);
  expect(full.recorded).toBe(2_200);
  expect(full.content.dropped["buffer_full"]).toBeGreaterThan(0);
  expect(full.dropped["buffer_full"]).toBeGreaterThan(0);
  expect(full.dropped).not.toHaveProperty("buffer_exhausted");

  await using sink = await createOtlpSink(port);
  await flush();
  expectBalanced(status());
  const names = sink.spans().map((span) => span.name);
  expect(names.filter((name) => name.startsWith("run"))).toHaveLength(100);
  expect(names.filter((name) => name === "chat m")).toHaveLength(100);

  // Content that was lost is sent again with the next span that names it.
  sink.requests.length = 0;
  recorder()
    .beginTool({ name: "again", arguments: { index: 0, call: 0 }, effect: "none" })
    .end();
  await flush();
  const again = sink.spans()[0]!;
  expect(await sink.content(again.attributes["runreel.content.input"])).toEqual({ index: 0, call: 0 });
});

test("an endpoint that answers 500 keeps the data waiting; one that answers 400 loses it, counted", async () => {
  await using sink = await createOtlpSink();
  start({ endpoint: sink.endpoint, diagnostics: () => {} });
  sink.answer = { status: 500, afterMs: 0 };
  await agent("unlucky", 3);
  expect(await flush()).toMatchObject({ delivered: 0, dropped: 0, buffered: 4 });
  expectBalanced(status());
  sink.answer = { status: 200, afterMs: 0 };
  expect(await flush()).toMatchObject({ delivered: 4, buffered: 0 });
  sink.answer = { status: 400, afterMs: 0 };
  await agent("refused", 3);
  expect(await flush()).toMatchObject({ delivered: 0, dropped: 4, buffered: 0 });
  expect(status().dropped).toEqual({ rejected_400: 4 });
  expectBalanced(status());

  // The blobs of the refused request were never stored, so equal content goes again.
  sink.answer = { status: 200, afterMs: 0 };
  sink.requests.length = 0;
  await agent("refused", 3);
  await flush();
  for (const span of sink.spans()) {
    expect(await sink.content(span.attributes["runreel.content.output"])).toMatch(/^refused/);
  }
});

test("an endpoint that answers a request with 500 for ever does not hold up the others for ever", async () => {
  await using sink = await createOtlpSink();
  start({ endpoint: sink.endpoint, diagnostics: () => {} });
  sink.answer = { status: 500, afterMs: 0 };
  await agent("poison", 1);
  for (let attempt = 0; attempt < 20 && status().buffered > 0; attempt += 1) await flush();
  expect(status().dropped).toEqual({ endpoint_failed: 2 });
  expectBalanced(status());
});

test("a slow endpoint does not slow the agent, and requests go one at a time", async () => {
  await using sink = await createOtlpSink();
  sink.answer = { status: 200, afterMs: 150 };
  start({ endpoint: sink.endpoint, flushIntervalMs: 10 });
  await Promise.all(Array.from({ length: 20 }, (_, index) => agent(`slow ${index}`, 10)));
  expect(status().delivered).toBeLessThan(220);
  await pause(30);
  await agent("late", 1);
  expect(await flush()).toMatchObject({ buffered: 0, dropped: 0 });
  expect(sink.spans()).toHaveLength(222);
  expect(sink.seen.underWayMost).toBe(1);
});

test("agents that never let go of the event loop lose nothing with the default of memory", async () => {
  await using sink = await createOtlpSink();
  start({ endpoint: sink.endpoint });
  const turns: number[] = [];
  const timer = setInterval(() => turns.push(0), 1);
  const words = Array.from({ length: 2_000 }, (_, index) => `word${(index * 7_919) % 2_000}`);
  let bytes = 0;
  // Nothing here waits for anything but promises, as where models and tools are caches: no request can leave meanwhile.
  for (let index = 0; index < 2_000; index += 1) {
    const output = Array.from({ length: 800 }, (_, at) => words[(index * 31 + at * (1 + (index % 97))) % 2_000]).join(
      " ",
    );
    bytes += output.length;
    recorder().beginTool({ name: "t", arguments: { index }, effect: "none" }).end({ output });
    await Promise.resolve();
    expect(status().bufferedBytes).toBeLessThanOrEqual(8 * 1024 * 1024);
  }
  clearInterval(timer);
  expect(turns).toEqual([]);
  expect(bytes).toBeGreaterThan(12 * 1024 * 1024);
  expect(await flush()).toMatchObject({ delivered: 2_000, dropped: 0 });
  expect(status().content).toMatchObject({ dropped: {}, buffered: 0 });
  expect(sink.spans()).toHaveLength(2_000);
  for (const { attributes } of sink.spans().slice(0, 20)) {
    expect(await sink.content(attributes["runreel.content.output"])).toMatch(/^word/);
  }
  for (const request of sink.requests) expect(request.bytes).toBeLessThanOrEqual(1024 * 1024);
});

test("large content goes in requests of at most 4 MiB, before the spans that name it", async () => {
  await using sink = await createOtlpSink();
  start({ endpoint: sink.endpoint, bufferMaxBytes: 64 * 1024 * 1024, flushIntervalMs: 60_000 });
  const pages = Array.from({ length: 10 }, (_, index) => String(index).repeat(1_000_000));
  const read = tool({ name: "read", effect: "read", execute: async ({ page }: { page: number }) => pages[page] });
  await run("reader", async () => {
    for (let page = 0; page < 10; page += 1) await read({ page });
    return "done";
  });
  await flush();
  const finished = sink.spans();
  expect(finished).toHaveLength(11);
  for (const request of sink.requests) expect(request.bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
  expect(sink.requests.length).toBeGreaterThanOrEqual(3);
  const arrival = (isIt: (span: ReceivedSpan) => boolean): number =>
    sink.requests.findIndex((request) => request.spans.some(isIt));
  for (const { spanId, attributes } of finished) {
    const named = attributes["runreel.content.output"];
    const carried = arrival((span) => span.events.some((event) => event.attributes["runreel.blob.hash"] === named));
    expect(carried).toBeGreaterThanOrEqual(0);
    expect(carried).toBeLessThanOrEqual(
      arrival((span) => span.spanId === spanId && span.attributes["runreel.span.pending"] !== true),
    );
  }
  for (const span of finished.filter((span) => span.name === "execute_tool read")) {
    const { page } = (await sink.content(span.attributes["runreel.content.input"])) as { page: number };
    expect(await sink.content(span.attributes["runreel.content.output"])).toBe(pages[page]);
  }
});

test("requests are compressed with what the endpoint takes", async () => {
  await using sink = await createOtlpSink();
  const encodings = async (options: StartOptions, rounds: number): Promise<unknown[]> => {
    sink.requests.length = 0;
    start({ endpoint: sink.endpoint, startRecords: false, diagnostics: () => {}, ...options });
    for (let round = 0; round < rounds; round += 1) {
      await agent(`round ${round}`, 2);
      expect(await flush()).toMatchObject({ delivered: 3, dropped: 0 });
    }
    await shutdown();
    expect(sink.spans()).toHaveLength(3 * rounds);
    return sink.requests.map(({ headers }) => headers["content-encoding"]);
  };
  const [gzip, zstd] = ["gzip", "zstd"] as const;
  expect(await encodings({}, 1)).toEqual([undefined]);
  expect(await encodings({ compression: gzip }, 2)).toEqual([gzip, gzip]);
  expect(await encodings({ compression: zstd }, 1)).toEqual([zstd]);

  // To other machines, gzip until the endpoint says more. 0.0.0.0 is this one, under a name that does not tell.
  const elsewhere = { endpoint: sink.endpoint.replace("127.0.0.1", "0.0.0.0") };
  expect(await encodings(elsewhere, 2)).toEqual([gzip, gzip]);
  sink.answer.headers = { "accept-encoding": "gzip, zstd" };
  expect(await encodings(elsewhere, 3)).toEqual([gzip, zstd, zstd]);
  expect(await encodings({ ...elsewhere, compression: gzip }, 2)).toEqual([gzip, gzip]);
  sink.refused = [zstd];
  expect(await encodings({ compression: zstd }, 2)).toEqual([gzip, gzip]);
  sink.refused = [zstd, gzip];
  expect(await encodings(elsewhere, 2)).toEqual([undefined, undefined]);
  sink.refusesAsCollector = true;
  expect(await encodings({ compression: zstd }, 2)).toEqual([undefined, undefined]);
});

test("the key is sent, headers meant for another vendor are not, and requests are compressed where asked", async () => {
  await using sink = await createOtlpSink();
  vi.stubEnv("OTEL_EXPORTER_OTLP_HEADERS", "x-vendor-key=secret,Authorization=Basic x");
  start({ endpoint: `${sink.endpoint}/`, apiKey: "k-1", compression: "gzip" });
  await agent("keyed", 1);
  await flush();
  expect(sink.requests[0]?.headers).toMatchObject({ authorization: "Bearer k-1", "content-encoding": "gzip" });
  expect(JSON.stringify(sink.requests[0]?.headers)).not.toContain("secret");
  vi.unstubAllEnvs();
  expect(sink.spans()).toHaveLength(2);
});
