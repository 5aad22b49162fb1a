import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { createCollector, describeFaults, loadConfig, type Collector } from "@runreel/collector";

export interface Answer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body;
}

/** A collector on a free port, with a real embedded ClickHouse and a folder of its own. */
export interface RunningCollector {
  readonly collector: Collector;
  readonly address: string;
  readonly dataDir: string;
  get<Body = Record<string, unknown>>(path: string, headers?: Record<string, string>): Promise<Answer<Body>>;
  post<Body = Record<string, unknown>>(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<Body>>;
  /** Sends OTLP/JSON and waits until it can be queried. */
  store(request: unknown): Promise<void>;
  stop(): Promise<void>;
}

export async function runCollector(settings: Record<string, unknown> = {}): Promise<RunningCollector> {
  const dataDir = await mkdtemp(join(tmpdir(), "runreel-collector-"));
  const overrides = { listen: "127.0.0.1:0", dataDir, logLevel: "fatal", ...settings };
  const loaded = loadConfig({ environment: {}, overrides });
  if (!loaded.ok) throw new Error(describeFaults(loaded.faults));
  const collector = await createCollector(loaded.config);
  const address = await collector.listen();

  async function request<Body>(path: string, init: RequestInit): Promise<Answer<Body>> {
    const response = await fetch(`${address}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as Body };
  }

  const running: RunningCollector = {
    collector,
    address,
    dataDir,
    get: (path, headers = {}) => request(path, { headers }),
    post: (path, body, headers = {}) =>
      request(path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
      }),
    async store(sent) {
      expect(await running.post("/v1/traces", sent)).toMatchObject({ status: 200, body: {} });
      await collector.flush();
    },
    async stop() {
      await collector.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return running;
}
