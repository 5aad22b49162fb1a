import { context } from "@opentelemetry/api";
import { ExportResultCode, suppressTracing } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";

import { isSomebodyListening } from "./knock.ts";

/** What became of a request. */
type SendOutcome =
  | { kind: "delivered" }
  /** Worth another try: nobody there, too slow, overloaded, a fault of the server's. */
  | { kind: "failed"; isReachable: boolean; error: string }
  /** The endpoint will never take it. */
  | { kind: "rejected"; reason: string; error: string };

export interface SenderOptions {
  /** Base address; spans go to `/v1/traces` below it. */
  endpoint: string;
  headers: Record<string, string>;
  timeoutMs: number;
  isCompressed: boolean;
}

export type Send = (spans: ReadableSpan[]) => Promise<SendOutcome>;

type ExporterConfig = NonNullable<ConstructorParameters<typeof OTLPTraceExporter>[0]>;

const KNOCK_TIMEOUT_MAX_MS = 2_000;

/** How long an endpoint that has answered is taken to be there. */
const REACHABLE_MS = 2_000;

/** Sends requests by OpenTelemetry's OTLP/HTTP exporter, which retries an overloaded endpoint within the time-out. */
export function createSender({ endpoint, headers, timeoutMs, isCompressed }: SenderOptions): Send {
  const url = new URL(`${endpoint.replace(/\/+$/, "")}/v1/traces`);
  const config = {
    url: url.href,
    headers,
    timeoutMillis: timeoutMs,
    concurrencyLimit: 1,
    // The names of this enum are its values; importing it would take one more package.
    compression: isCompressed ? "gzip" : "none",
    keepAlive: true,
  };
  const exporter = new OTLPTraceExporter(config as unknown as ExporterConfig);
  let reachableUntil = Number.NEGATIVE_INFINITY;
  return async (spans) => {
    const isKnown = performance.now() < reachableUntil;
    if (!isKnown && !(await isSomebodyListening(url, Math.min(timeoutMs, KNOCK_TIMEOUT_MAX_MS)))) {
      return { kind: "failed", isReachable: false, error: `nobody listens at ${url.host}` };
    }
    const outcome = await post(exporter, spans, url);
    const hasAnswered = outcome.kind !== "failed" || outcome.isReachable;
    reachableUntil = hasAnswered ? performance.now() + REACHABLE_MS : Number.NEGATIVE_INFINITY;
    return outcome;
  };
}

function post(exporter: OTLPTraceExporter, spans: ReadableSpan[], url: URL): Promise<SendOutcome> {
  return new Promise((resolve) => {
    // The request is our own business: instrumentation of the host's must make no span of it.
    context.with(suppressTracing(context.active()), () => {
      exporter.export(spans, ({ code, error }) => {
        resolve(code === ExportResultCode.SUCCESS ? { kind: "delivered" } : outcomeOf(error, url));
      });
    });
  });
}

function outcomeOf(error: (Error & { code?: unknown }) | undefined, url: URL): SendOutcome {
  const status = typeof error?.code === "number" ? error.code : undefined;
  const what = error === undefined ? "an unknown error" : error.message || error.name;
  if (status === undefined) return { kind: "failed", isReachable: false, error: `${url.host}: ${what}` };
  if (status >= 500) return { kind: "failed", isReachable: true, error: `${url.host} answered ${status} ${what}` };
  return { kind: "rejected", reason: `rejected_${status}`, error: `${url.host} answered ${status} ${what}` };
}
