import type { ChildProcess } from "node:child_process";
import { nextMessage, startChild } from "../measure/child.ts";
import type { Compression, Measurement, MeasurementRequest } from "./measurement.ts";
import { misplacedSpans } from "./misplaced.ts";
import type { SentSpan } from "./read-spans.ts";
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
  /** Spans that arrived in another place than theirs. */
  misplacedSpans: number;
}

export type Load = Omit<MeasurementRequest, "variant" | "sinkUrl">;

/** Starts the sink that all measurements send to. */
export async function startSink(): Promise<{ process: ChildProcess; url: string }> {
  const process = startChild(new URL("./sink.ts", import.meta.url), null);
  const { url } = await nextMessage<{ url: string }>(process);
  return { process, url };
}

/** Measures one variant in a fresh process. How many spans a task has is known of our own variants; others say it. */
export async function measureVariant(
  variant: VariantName,
  load: Load,
  sinkUrl: string,
  expectedSpans: number = variant.startsWith("bare") ? 0 : spansPerTask(load.steps),
): Promise<Sample> {
  const request: MeasurementRequest = { variant, sinkUrl, ...load };
  const child = startChild(new URL("./measurement.ts", import.meta.url), request, ["--expose-gc"]);
  const measurement = await nextMessage<Measurement>(child);
  const read = async (path: string): Promise<unknown> => (await fetch(`${sinkUrl}${path}`)).json();
  const arrived = (await read("/counts")) as SinkCounts;
  const misplaced = misplacedSpans((await read("/spans")) as SentSpan[]);
  return {
    variant,
    tasks: load.tasks,
    steps: load.steps,
    compression: load.compression,
    ...measurement,
    arrived,
    lostSpans: expectedSpans * load.tasks - arrived.spans,
    misplacedSpans: misplaced.length,
  };
}
