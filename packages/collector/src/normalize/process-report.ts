import {
  HOST_NAME,
  PROCESS_PID,
  RUNREEL_PROCESS_CONTENT,
  RUNREEL_PROCESS_ENDED,
  RUNREEL_PROCESS_FROM_DISK,
  RUNREEL_PROCESS_INTERVAL_MS,
  RUNREEL_PROCESS_OPEN_RUNS,
  RUNREEL_PROCESS_REDELIVERED,
  RUNREEL_PROCESS_SEQUENCE,
  RUNREEL_PROCESS_SPANS,
  TELEMETRY_SDK_VERSION,
} from "@runreel/semconv";
import { z } from "zod";
import type { NormalizedSpan } from "../model/normalized-span.ts";
import type { ProcessReport, ReportedCounts } from "../model/process-report.ts";

const count = z.int().min(0);
const reason = z.string().regex(/^\w{1,64}$/);

const counts: z.ZodType<ReportedCounts> = z
  .object({
    recorded: count,
    delivered: count,
    spooled: count,
    buffered: count,
    fromDisk: count,
    dropped: z.record(reason, count),
  })
  .refine(({ dropped }) => Object.keys(dropped).length <= 64);

/** A request that came from disk: so much was in it. */
const load = z.object({ spans: count, content: count });

const report = z.object({
  instanceId: z.string().min(1).max(128),
  sequence: z.int().min(1),
  pid: z.int().min(0).max(0xffffffff).default(0),
  host: z.string().max(255).default(""),
  hasEnded: z.boolean().default(false),
  openRuns: z.int().min(0).max(0xffffffff).default(0),
  intervalMs: z.int().min(0).max(3_600_000).default(0),
  redelivered: count.default(0),
  spans: counts.optional(),
  content: counts.optional(),
  fromDisk: load.optional(),
});

/** Reads the span at hand as what a process says of itself; undefined when it does not say it as it should. */
export function readProcessReport(span: NormalizedSpan): ProcessReport | undefined {
  const { batch, index, resource } = span;
  const { attributesFrom, attributesTo, startLow, startHigh, endLow, endHigh } = batch.spans;
  const found: Record<string, unknown> = { instanceId: resource.processId };
  for (let row = attributesFrom[index]!; row < attributesTo[index]!; row++) {
    const reader = readers[batch.key(row)];
    if (reader !== undefined) found[reader.name] = reader.read(span, row);
  }
  const { success, data } = report.safeParse(found);
  if (!success || (data.fromDisk ?? data.spans) === undefined) return undefined;
  const { fromDisk, spans, content, ...told } = data;
  const times = {
    startLow: startLow[index]!,
    startHigh: startHigh[index]!,
    atLow: endLow[index]!,
    atHigh: endHigh[index]!,
  };
  return {
    ...told,
    ...times,
    receipt: fromDisk === undefined ? 0 : told.sequence,
    service: resource.service,
    sdkVersion: sdkVersionOf(span),
    spans: spans ?? { ...nothing, delivered: fromDisk?.spans ?? 0 },
    content: content ?? { ...nothing, delivered: fromDisk?.content ?? 0 },
  };
}

const nothing: ReportedCounts = { recorded: 0, delivered: 0, spooled: 0, buffered: 0, fromDisk: 0, dropped: {} };

type Read = (span: NormalizedSpan, row: number) => unknown;
const text: Read = ({ batch }, row) => batch.valueText(row);
const number: Read = ({ batch }, row) => batch.valueNumber(row);
const flag: Read = ({ batch }, row) => batch.valueText(row) === "true";
const json: Read = ({ batch }, row) => {
  try {
    return JSON.parse(batch.valueText(row)) as unknown;
  } catch {
    return null;
  }
};

const readers: Record<string, { name: keyof z.input<typeof report>; read: Read }> = {
  [PROCESS_PID]: { name: "pid", read: number },
  [HOST_NAME]: { name: "host", read: text },
  [RUNREEL_PROCESS_SEQUENCE]: { name: "sequence", read: number },
  [RUNREEL_PROCESS_ENDED]: { name: "hasEnded", read: flag },
  [RUNREEL_PROCESS_OPEN_RUNS]: { name: "openRuns", read: number },
  [RUNREEL_PROCESS_INTERVAL_MS]: { name: "intervalMs", read: number },
  [RUNREEL_PROCESS_REDELIVERED]: { name: "redelivered", read: number },
  [RUNREEL_PROCESS_SPANS]: { name: "spans", read: json },
  [RUNREEL_PROCESS_CONTENT]: { name: "content", read: json },
  [RUNREEL_PROCESS_FROM_DISK]: { name: "fromDisk", read: json },
};

function sdkVersionOf({ batch, resource }: NormalizedSpan): string {
  const row = resource.attributes.find((attribute) => batch.key(attribute) === TELEMETRY_SDK_VERSION);
  return row === undefined ? "" : batch.valueText(row).slice(0, 64);
}
