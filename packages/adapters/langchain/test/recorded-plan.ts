// Makes the plan of a replay from what a memory recorder kept, with values in the form in which the collector hands them out.
import { contentHash, encodeContent, resolveContent } from "@runreel/content";
import type { Blob } from "@runreel/content";
import type { RecordedStep, ReplayPlan } from "@runreel/sdk/adapter";

import { langchainCodec } from "../src/codec/langchain-codec.ts";
import type { MemoryRecorder, MemorySpan } from "./memory-recorder.ts";

const codecs = [langchainCodec];

export const hash = (value: unknown): string => contentHash(value, { codecs });

/** A value as it comes out of the store. */
export async function treeOf(value: unknown): Promise<unknown> {
  if (value === undefined) return null;
  const blobs = new Map<string, Blob>();
  const root = encodeContent(value, (blob) => blobs.set(blob.hash, blob), { codecs });
  return JSON.parse(JSON.stringify(await resolveContent(root, async () => blobs))) as unknown;
}

export async function planOf(recorder: MemoryRecorder, plan: Partial<ReplayPlan> = {}): Promise<ReplayPlan> {
  const steps = recorder.spans.filter(({ kind }) => kind !== "run");
  return {
    version: 1,
    replayId: "rp_1",
    origin: { runId: steps[0]?.traceId ?? "", rootSpanId: "b7ad6b7169203331" },
    from: steps.length + 1,
    mode: "live",
    onDivergence: "stop",
    edits: [],
    endpoint: "http://127.0.0.1:1",
    steps: await Promise.all(steps.map(async (span, at) => stepOf(span, at + 1))),
    ...plan,
  };
}

async function stepOf(span: MemorySpan, index: number): Promise<RecordedStep> {
  const { request, outcome = {} } = span;
  const given = span.kind === "inference" ? request["messages"] : request["arguments"];
  const error = outcome.error as Error | undefined;
  return {
    index,
    spanId: span.spanId,
    kind: span.kind as RecordedStep["kind"],
    name: span.name,
    callId: (request["callId"] as string | undefined) ?? null,
    argumentsHash: hash(given),
    arguments: await treeOf(given),
    result: await treeOf(outcome.output),
    raw: await treeOf(outcome.raw),
    error: error === undefined ? null : { name: error.name, message: error.message, stack: error.stack ?? null },
    effect: (request["effect"] as RecordedStep["effect"] | undefined) ?? "none",
  };
}
