// Content that is far larger than a request, through to the answer of the collector: in pieces on the wire, whole for whoever reads it.
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCollector, describeFaults, loadConfig } from "@runreel/collector";
import type { Collector } from "@runreel/collector";
import { flush, run, shutdown, start, status } from "@runreel/sdk";
import { recorder } from "@runreel/sdk/adapter";
import { afterEach, expect, test } from "vitest";

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await shutdown();
  for (const close of closing.splice(0).reverse()) await close();
});

async function startCollector(): Promise<Collector> {
  const dataDir = await mkdtemp(join(tmpdir(), "runreel-large-"));
  closing.push(() => rm(dataDir, { recursive: true, force: true }));
  const loaded = loadConfig({ environment: {}, overrides: { listen: "127.0.0.1:0", dataDir, logLevel: "fatal" } });
  if (!loaded.ok) throw new Error(describeFaults(loaded.faults));
  const collector = await createCollector(loaded.config);
  await collector.listen();
  closing.push(() => collector.stop());
  return collector;
}

/** Stands before the collector and takes down how large requests are. */
async function startProxy(target: string, sizes: number[]): Promise<string> {
  const proxy = createServer((incoming, answer) => {
    sizes.push(Number(incoming.headers["content-length"]));
    const { method, headers, url } = incoming;
    const outgoing = request(`${target}${url}`, { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  closing.push(async () => {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

/** A text that hardly shrinks, and stays in the tree that it is in. */
const noise = (seed: number): string => createHash("sha512").update(String(seed)).digest("hex").repeat(3);

const digest = (value: unknown): string => createHash("sha256").update(String(value)).digest("hex");

test("results of megabytes arrive whole, in requests of at most 1 MiB; longer ones are cut and say so", async () => {
  const collector = await startCollector();
  const sizes: number[] = [];
  const endpoint = await startProxy(collector.address, sizes);
  start({ endpoint, diagnostics: () => {} });

  const image = randomBytes(2_000_000);
  const results = {
    page: `${"A line of a long page, with an é and a 😀.\n".repeat(120_000)}its end`,
    screenshot: [{ type: "blob", mime_type: "image/png", modality: "image", content: image.toString("base64") }],
    file: { name: "a.bin", data: new Uint8Array(image) },
    log: "x".repeat(100_000_000),
    table: Object.fromEntries(Array.from({ length: 6_000 }, (_, at) => [`row ${at}`, noise(at)])),
  };
  const spans: Record<string, string> = {};
  let runId = "";
  await run("large", async () => {
    for (const [name, output] of Object.entries(results)) {
      const span = recorder().beginTool({ name, arguments: {}, effect: "read" });
      runId = span.traceId;
      spans[name] = span.spanId;
      span.end({ output });
      await flush();
    }
  });
  expect(await flush()).toMatchObject({ buffered: 0, dropped: 0 });
  expect(status().content.dropped).toEqual({});
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 * 1024);
  expect(sizes.length).toBeGreaterThan(10);
  await collector.flush();

  const shown = async (name: string): Promise<unknown> => {
    const response = await fetch(`${collector.address}/api/runs/${runId}/spans/${spans[name]}`);
    const { result, contentMissing } = (await response.json()) as { result: unknown; contentMissing: boolean };
    expect(contentMissing).toBe(false);
    return result;
  };
  expect(digest(await shown("page"))).toBe(digest(results.page));
  const [part] = (await shown("screenshot")) as [{ content: string }];
  expect(digest(part.content)).toBe(digest(image.toString("base64")));
  expect(digest(JSON.stringify(await shown("file")).includes(image.toString("base64")))).toBe(digest(true));
  expect(await shown("table")).toEqual(results.table);
  const log = (await shown("log")) as string;
  expect(log).toHaveLength(8 * 1024 * 1024 + log.length - log.lastIndexOf("\n"));
  expect(log).toMatch(/\n\[runreel: cut, 8388608 of 100000000 characters kept, sha256 of the end [0-9a-f]{64}\]$/);
});
