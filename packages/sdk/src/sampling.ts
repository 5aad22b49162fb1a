import type { HrTime } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";

import type { SpanBuffer } from "./buffer/buffer.ts";
import { isLeaf } from "./buffer/leaf.ts";
import { SlabStore } from "./buffer/slab-store.ts";
import { ContentWriter } from "./content/content-writer.ts";
import type { ContentWriterOptions } from "./content/content-writer.ts";
import type { AttributeEncoder } from "./encode/attribute-encoder.ts";
import { BackwardWriter } from "./encode/backward-writer.ts";
import type { BlobEncoder } from "./encode/encode-blob.ts";
import { extendSpan } from "./encode/extend-span.ts";
import { usageRecord } from "./encode/usage-record.ts";
import { writeSpan } from "./encode/write-span.ts";
import { RunRing } from "./sample/run-ring.ts";
import { SampledRuns } from "./sample/sampled-runs.ts";
import { UsageTable } from "./sample/usage-table.ts";
import type { Ledger } from "./status.ts";

interface SamplingParts {
  buffer: SpanBuffer;
  ledger: Ledger;
  /** Of what runs hold that are sampled out, in bytes of memory. */
  ringMaxBytes: number;
  attributes: AttributeEncoder;
  encode: (span: ReadableSpan) => Uint8Array;
  now: () => HrTime;
  blobs: BlobEncoder;
  /** Writes what is sent. */
  content: ContentWriter;
  /** How content is written, wherever it goes. */
  contentOptions: Omit<ContentWriterOptions, "putBlob" | "hasRoom">;
}

/** Connects what becomes of runs that are sampled out: usage, ring, and the buffer where they go if they are sent after all. */
export function createSampling(parts: SamplingParts): SampledRuns {
  const { buffer, ledger, attributes, encode, now, blobs, content, contentOptions } = parts;
  const ring = new RunRing({ maxBytes: parts.ringMaxBytes, store: new SlabStore() });
  ledger.held = ring;
  const writer = new BackwardWriter();
  return new SampledRuns({
    outgoing: buffer,
    ring,
    usage: new UsageTable(),
    ledger,
    isLeaf,
    encode,
    encodeUsage: (rows, runs) => {
      writer.reset();
      writeSpan(writer, usageRecord(rows, runs, now()), attributes);
      return writer.written;
    },
    extend: (span, added) => {
      writer.reset();
      extendSpan(writer, span, added, attributes);
      return writer.written;
    },
    content: content.write,
    createContent: (run) => {
      const isKnown = (hash: string): boolean => run.blobs.has(hash) || buffer.hasDelivered(hash);
      return new ContentWriter({
        ...contentOptions,
        hasRoom: () => true,
        putBlob: (type, data) => {
          const { hash, bytes } = blobs.encode(type, data, isKnown);
          if (bytes !== undefined) ring.addBlob(run, hash, bytes);
          return { hash, isKept: true };
        },
      });
    },
  });
}
