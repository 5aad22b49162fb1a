import type {
  Checkpoint,
  Diff,
  KeepAnswer,
  Recording,
  ReplayMode,
  ReplayState,
  Run,
  RunDetail,
  SpanDetail,
  UsageRow,
} from "./answers.ts";
import { CommandFailure, exitCodes, type ExitCode } from "./command-failure.ts";

type Query = Record<string, string | number | undefined>;

export interface BeginReplay {
  originRunId: string;
  from: number;
  mode: ReplayMode;
  onDivergence: "stop" | "continue";
  edits: { path: string; value: unknown }[];
  command: string[];
  begunBy: string;
}

/** The collector's HTTP interface, one method per question. Every method rejects with a CommandFailure. */
export interface CollectorClient {
  readonly endpoint: string;
  readonly apiKey: string | undefined;
  runs(query: Query): Promise<{ runs: Run[]; nextCursor: string | null }>;
  run(runId: string): Promise<RunDetail>;
  keep(runId: string, reason: string): Promise<KeepAnswer>;
  span(runId: string, spanId: string): Promise<SpanDetail>;
  checkpoints(runId: string): Promise<{ checkpoints: Checkpoint[] }>;
  state(runId: string, at: number): Promise<unknown>;
  recording(runId: string): Promise<Recording>;
  diff(runId: string, otherRunId: string): Promise<Diff>;
  usage(query: Query): Promise<{ rows: UsageRow[] }>;
  sql(query: string): Promise<unknown>;
  beginReplay(request: BeginReplay): Promise<{ replayId: string }>;
  replay(replayId: string): Promise<ReplayState>;
  confirm(replayId: string, decision: { questionId: string; decision: "yes" | "no"; by: string }): Promise<void>;
  /** Any route, with what came back besides the body. For `doctor`. */
  probe(path: string): Promise<{ status: number; headers: Headers; text: string }>;
}

export interface ClientOptions {
  /** The collector's address. */
  endpoint: string;
  apiKey?: string | undefined;
  /** How long one question may take, in milliseconds. Default 30,000: `sql` has the longest limit at the collector. */
  timeoutMs?: number;
}

export function createClient({ endpoint, apiKey, timeoutMs = 30_000 }: ClientOptions): CollectorClient {
  const base = endpoint.replace(/\/+$/, "");

  async function send(path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (apiKey !== undefined) headers["authorization"] = `Bearer ${apiKey}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    try {
      return await fetch(`${base}${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (cause) {
      throw unreachable(base, cause);
    }
  }

  async function ask<T>(path: string, body?: unknown): Promise<T> {
    const response = await send(path, body);
    const text = await response.text();
    if (!response.ok) throw refused(response.status, text, base);
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      throw new CommandFailure(exitCodes.failed, `${base} answered with something that is not JSON`, {
        hint: "Is this really a Runreel collector? `runreel doctor` looks closer.",
        cause,
      });
    }
  }

  const run = (runId: string): string => `/api/runs/${encodeURIComponent(runId)}`;
  const replay = (replayId: string): string => `/api/replays/${encodeURIComponent(replayId)}`;
  return {
    endpoint: base,
    apiKey,
    runs: (query) => ask(`/api/runs${search(query)}`),
    run: (runId) => ask(run(runId)),
    keep: (runId, reason) => ask(`${run(runId)}/keep`, { reason }),
    span: (runId, spanId) => ask(`${run(runId)}/spans/${encodeURIComponent(spanId)}`),
    checkpoints: (runId) => ask(`${run(runId)}/checkpoints`),
    state: (runId, at) => ask(`${run(runId)}/state${search({ at })}`),
    recording: (runId) => ask(`${run(runId)}/recording`),
    diff: (runId, otherRunId) => ask(`${run(runId)}/diff/${encodeURIComponent(otherRunId)}`),
    usage: (query) => ask(`/api/usage${search(query)}`),
    sql: (query) => ask("/api/sql", { query }),
    beginReplay: (request) => ask("/api/replays", request),
    replay: (replayId) => ask(replay(replayId)),
    confirm: async (replayId, decision) => {
      await ask(`${replay(replayId)}/confirmations`, decision);
    },
    probe: async (path) => {
      const response = await send(path);
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
  };
}

function search(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? "" : `?${parameters.toString()}`;
}

function unreachable(base: string, cause: unknown): CommandFailure {
  const isTimeout = cause instanceof Error && cause.name === "TimeoutError";
  const why = isTimeout ? "it did not answer in time" : (reasonOf(cause) ?? "the connection failed");
  return new CommandFailure(exitCodes.unreachable, `No collector at ${base}: ${why}`, {
    code: "RUNREEL_COLLECTOR_UNREACHABLE",
    hint: "Start one with `runreel up`, or set RUNREEL_ENDPOINT to the address of yours.",
    cause,
  });
}

function reasonOf(cause: unknown): string | undefined {
  const inner = cause instanceof Error ? (cause.cause ?? cause) : cause;
  if (!(inner instanceof Error)) return undefined;
  const isRefused = "code" in inner && inner.code === "ECONNREFUSED";
  return isRefused ? "nobody listens there" : inner.message || inner.name;
}

const exitCodeOfStatus = (status: number): ExitCode => {
  if (status === 404 || status === 410) return exitCodes.notFound;
  return status === 400 || status === 422 ? exitCodes.wrongUse : exitCodes.failed;
};

function refused(status: number, text: string, base: string): CommandFailure {
  const { error } = parseError(text);
  const message = error?.message ?? `${base} answered ${status}`;
  const hint = status === 401 ? "Set RUNREEL_API_KEY to one of the collector's keys." : error?.hint;
  return new CommandFailure(exitCodeOfStatus(status), message, { hint, code: error?.code ?? `HTTP_${status}` });
}

function parseError(text: string): { error?: { code: string; message: string; hint?: string } } {
  try {
    return JSON.parse(text) as ReturnType<typeof parseError>;
  } catch {
    return {};
  }
}
