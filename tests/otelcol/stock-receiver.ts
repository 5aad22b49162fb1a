// Builds the receiver in main.go once, with Go where there is one, and starts it.
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { access, mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);
const folder = import.meta.dirname;
const cache = join(folder, "../../node_modules/.cache/runreel");

/** Without a connection Go tries for a long time. */
const DOWNLOAD_MAX_MS = 180_000;

/** A span as the receiver has understood it. */
export interface StockSpan {
  name: string;
  traceId: string;
  /** "" for a root. */
  parentSpanId: string;
  attributes: Record<string, unknown>;
  events: { name: string; attributes: Record<string, unknown> }[];
}

export interface StockReceiver extends AsyncDisposable {
  readonly url: string;
  /** Stops it, and gives what its pipeline has got, request by request. */
  stop(): Promise<StockSpan[][]>;
}

/** The built receiver, or why there is none. */
export async function buildReceiver(): Promise<{ path: string } | { reason: string }> {
  const options = {
    cwd: folder,
    env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOTOOLCHAIN: "local" },
  };
  const version = await run("go", ["env", "GOVERSION"], options).catch(() => undefined);
  if (version === undefined) return { reason: "there is no Go on the PATH to build OpenTelemetry's receiver with" };
  const sources = await Promise.all(["main.go", "go.mod", "go.sum"].map((name) => readFile(join(folder, name))));
  const [, wanted = ""] = /^go (\S+)$/m.exec(sources[1]!.toString()) ?? [];
  const got = version.stdout.trim().replace(/^go/, "");
  if (isOlder(got, wanted)) return { reason: `OpenTelemetry's receiver needs Go ${wanted}, and this is ${got}` };
  const key = createHash("sha256")
    .update(Buffer.concat([...sources, Buffer.from(got)]))
    .digest("hex")
    .slice(0, 16);
  const path = join(cache, `otlp-receiver-${key}`);
  const isBuilt = await access(path).then(
    () => true,
    () => false,
  );
  if (isBuilt) return { path };
  try {
    await run("go", ["mod", "download"], { ...options, timeout: DOWNLOAD_MAX_MS });
  } catch {
    return { reason: "the modules of OpenTelemetry's receiver could not be had" };
  }
  await mkdir(cache, { recursive: true });
  await run("go", ["build", "-trimpath", "-ldflags=-s -w", "-o", path, "."], options);
  return { path };
}

function isOlder(got: string, wanted: string): boolean {
  const [a, b] = [got, wanted].map((text) => text.split(".").map(Number)) as [number[], number[]];
  const at = b.findIndex((part, index) => part !== (a[index] ?? 0));
  return at >= 0 && (a[at] ?? 0) < b[at]!;
}

/** Starts it; `flags` as main.go has them. */
export async function startReceiver(path: string, ...flags: string[]): Promise<StockReceiver> {
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(path, [`-listen=${address}`, ...flags], { stdio: ["pipe", "pipe", "inherit"] });
  const requests: StockSpan[][] = [];
  const lines = createInterface({ input: child.stdout });
  const gone = once(child, "exit");
  await Promise.race([once(lines, "line"), gone.then(() => Promise.reject(new Error("The receiver did not start.")))]);
  lines.on("line", (line) => requests.push(spansOf(JSON.parse(line) as Traces)));
  const closed = once(lines, "close");
  const stop = async (): Promise<StockSpan[][]> => {
    child.stdin.end();
    await Promise.all([gone, closed]);
    return requests;
  };
  return { url: `http://${address}`, stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

interface Value {
  stringValue?: string;
  intValue?: string;
  doubleValue?: number;
  boolValue?: boolean;
  bytesValue?: string;
  arrayValue?: { values?: Value[] };
}
type Attributes = { key: string; value: Value }[];
interface Traces {
  resourceSpans: {
    scopeSpans: {
      spans: (Pick<StockSpan, "name" | "traceId"> & {
        parentSpanId?: string;
        attributes?: Attributes;
        events?: { name: string; attributes?: Attributes }[];
      })[];
    }[];
  }[];
}

function spansOf({ resourceSpans }: Traces): StockSpan[] {
  return resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .map(({ name, traceId, parentSpanId = "", attributes, events }) => ({
      name,
      traceId,
      parentSpanId,
      attributes: plain(attributes),
      events: (events ?? []).map((event) => ({ name: event.name, attributes: plain(event.attributes) })),
    }));
}

function plain(attributes: Attributes = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue({ intValue, arrayValue, bytesValue, ...rest }: Value): unknown {
  if (intValue !== undefined) return Number(intValue);
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map(plainValue);
  return bytesValue === undefined ? Object.values(rest)[0] : Buffer.from(bytesValue, "base64");
}
