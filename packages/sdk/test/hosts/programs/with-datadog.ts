// A service with Datadog. Prints what Datadog would have sent.
import { createRequire } from "node:module";
import { join } from "node:path";

import type { TracerProvider } from "@opentelemetry/api";
import { flush } from "@runreel/sdk";

import { mode, serve } from "./serve.ts";
import type { SentSpan } from "./serve.ts";

/** As much of Datadog as is used here. */
interface Datadog {
  init(options: object): void;
  TracerProvider: new () => TracerProvider & { register(): void };
}

interface Logged {
  traces: { resource: string; span_id: string; parent_id: string; error: number; meta: object }[][];
}

const sent: SentSpan[] = [];
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (text) => {
  for (const { resource, span_id, parent_id, error, meta } of (JSON.parse(String(text)) as Logged).traces.flat()) {
    const parentSpanId = /^0+$/.test(parent_id) ? undefined : parent_id;
    sent.push({ name: resource, spanId: span_id, parentSpanId, isFailed: error === 1, told: JSON.stringify(meta) });
  }
  return true;
};
const tracer = createRequire(join(mode.folder, "package.json"))("dd-trace") as Datadog;
tracer.init({ startupLogs: false, instrumentations: false, experimental: { exporter: "log" } });
const provider = new tracer.TracerProvider();
provider.register();
const host = provider.getTracer("host");
await serve(
  (name, fn) =>
    host.startActiveSpan(name, async (span) => {
      const result = await fn();
      span.end();
      return result;
    }),
  provider,
);
await flush();
write(JSON.stringify(sent));
process.exit();
