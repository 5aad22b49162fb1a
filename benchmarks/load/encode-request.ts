import { SpanKind, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import type { HrTime, SpanContext } from "@opentelemetry/api";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { createRandom } from "../measure/random.ts";
import type { LoadSpan } from "./agent-runs.ts";

const resource = resourceFromAttributes({
  "service.name": "agent-fleet",
  "service.version": "2.14.0",
  "service.instance.id": "7c1e7c6e-5f0b-4a52-9a47-0d1c8f1f6a11",
  "deployment.environment.name": "production",
  "telemetry.sdk.name": "opentelemetry",
  "telemetry.sdk.language": "nodejs",
  "telemetry.sdk.version": "3.1.1",
  "host.name": "node-17.eu-central",
  "process.pid": 4711,
  "process.runtime.name": "nodejs",
  "process.runtime.version": "24.21.0",
  "cloud.region": "eu-central-1",
  "k8s.pod.name": "agent-fleet-6d5f8c7b9d-x2x7p",
});

/** One object, as one tracer has it: the serializer groups spans by it. */
const scope = { name: "benchmark", version: "1" };

const time = (ms: number): HrTime => [Math.floor(ms / 1000), (ms % 1000) * 1e6];

/** Twelve bytes that no other run of this load has, after four that are stamped with each sending. */
function traceIdOf(seed: number, run: number): string {
  const random = createRandom(seed * 1_000_003 + run);
  const words = Array.from({ length: 3 }, () => Math.floor(random() * 2 ** 32));
  return `00000000${words.map((word) => word.toString(16).padStart(8, "0")).join("")}`;
}

/** Four bytes that are stamped, four that count the load's spans from 1. */
const spanIdOf = (seed: number, id: number): string =>
  `00000000${((seed << 24) | (id + 1)).toString(16).padStart(8, "0")}`;

/** The spans as the OTLP/HTTP exporter of OpenTelemetry would send them. */
export function encodeRequest(spans: readonly LoadSpan[], seed: number, epochMs: number): Buffer {
  const context = (run: number, id: number): SpanContext => ({
    traceId: traceIdOf(seed, run),
    spanId: spanIdOf(seed, id),
    traceFlags: TraceFlags.SAMPLED,
  });
  const readable = spans.map((span): ReadableSpan => {
    const own = context(span.run, span.id);
    return {
      name: span.name,
      kind: span.kind === "inference" ? SpanKind.CLIENT : SpanKind.INTERNAL,
      spanContext: () => own,
      ...(span.parentId === undefined ? {} : { parentSpanContext: context(span.run, span.parentId) }),
      startTime: time(epochMs + span.startMs),
      endTime: time(epochMs + span.endMs),
      duration: time(span.endMs - span.startMs),
      status: span.failed
        ? { code: SpanStatusCode.ERROR, message: "The tool did not answer in time." }
        : { code: SpanStatusCode.UNSET },
      attributes: span.attributes,
      links: [],
      events: [],
      ended: true,
      resource,
      instrumentationScope: scope,
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    };
  });
  return Buffer.from(ProtobufTraceSerializer.serializeRequest(readable) ?? []);
}
