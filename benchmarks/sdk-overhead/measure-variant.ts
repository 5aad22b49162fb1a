import type { ChildProcess } from "node:child_process";
import { nextMessage, startChild } from "../measure/child.ts";
import type { Compression, Measurement, MeasurementRequest } from "./measurement.ts";
import type { SinkCounts } from "./sink.ts";
import type { VariantName } from "./variant-names.ts";
import { spansPerTask } from "./task-size.ts";

/** What one fresh process cost, and what of it arrived at the sink. */
export interface Sample extends Measurement {
  variant: VariantName;
  tasks: number;
  steps: number;
  compression: Compression | undefined;
  arrived: SinkCounts;
  /** Spans that should have arrived and did not. */
  lostSpans: number;
}

export type Load = Pick<MeasurementRequest, "tasks" | "steps" | "warmUpTasks" | "parallel" | "compression">;

/** Starts the sink that all measurements send to. */
export async function startSink(): Promise<{ process: ChildProcess; url: string }> {
  const process = startChild(new URL("./sink.ts", import.meta.url), null);
  const { url } = await nextMessage<{ url: string }>(process);
  return { process, url };
}

/** Measures one variant in a fresh process. */
export async function measureVariant(variant: VariantName, load: Load, sinkUrl: string): Promise<Sample> {
  const request: MeasurementRequest = { variant, sinkUrl, ...load };
  const child = startChild(new URL("./measurement.ts", import.meta.url), request, ["--expose-gc"]);
  const measurement = await nextMessage<Measurement>(child);
  const arrived = (await (await fetch(sinkUrl)).json()) as SinkCounts;
  const expected = variant.startsWith("bare") ? 0 : load.tasks * spansPerTask(load.steps);
  return {
    variant,
    tasks: load.tasks,
    steps: load.steps,
    compression: load.compression,
    ...measurement,
    arrived,
    lostSpans: expected - arrived.spans,
  };
}
