// A service with Sentry. Prints what Sentry would have sent.
import { createRequire } from "node:module";
import { join } from "node:path";

import { flush } from "@runreel/sdk";

import { mode, serve } from "./serve.ts";
import type { SentSpan } from "./serve.ts";

/** As much of Sentry as is used here. */
interface Sentry {
  init(options: object): void;
  getClient(): { on(): unknown };
  startSpan<T>(options: { name: string }, fn: () => T): T;
  flush(timeoutMs: number): Promise<boolean>;
}

interface Transaction {
  transaction: string;
  contexts: { trace: { span_id: string; status: string; data: object } };
  spans: { description: string; span_id: string; parent_span_id: string; status: string; data: object }[];
}

const Sentry = createRequire(join(mode.folder, "package.json"))(process.env["SENTRY"] ?? "@sentry/node") as Sentry;
const sent: SentSpan[] = [];
Sentry.init({
  dsn: "http://key@127.0.0.1:9/1",
  traceLifecycle: "static",
  tracesSampleRate: process.env["UNSAMPLED"] === "1" ? 0 : 1,
  enableOpenTelemetrySetup: process.env["WITHOUT_OTEL"] !== "1",
  transport: () => ({ send: async () => ({}), flush: async () => true }),
  beforeSendTransaction: ({ transaction, contexts: { trace }, spans }: Transaction) => {
    const top = { description: transaction, parent_span_id: undefined, ...trace };
    for (const { description, span_id, parent_span_id, status, data } of [top, ...spans]) {
      const isFailed = status !== "ok" && status !== undefined;
      sent.push({
        name: description,
        spanId: span_id,
        parentSpanId: parent_span_id,
        isFailed,
        told: JSON.stringify(data),
      });
    }
    return null;
  },
});
await serve((name, fn) => Sentry.startSpan({ name }, fn), Sentry.getClient());
await flush();
await Sentry.flush(2_000);
console.log(JSON.stringify(sent));
process.exit();
