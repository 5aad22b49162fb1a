import type { Blob } from "./blob.ts";
import { ContentEncoder } from "./content-encoder.ts";
import type { EncodeOptions } from "./content-encoder.ts";
import { Memory } from "./memory.ts";
import { TreeWriter } from "./tree-writer.ts";

/** Emits a value as blobs, the root last, and returns the root's hash. Never throws, whatever the value. */
export function encodeContent(value: unknown, emit: (blob: Blob) => void, options?: EncodeOptions): string {
  return new ContentEncoder(options).encode(value, emit);
}

/** The hash that `encodeContent` returns. Equal values have equal hashes, whatever the order of their keys. */
export function contentHash(value: unknown, options?: EncodeOptions): string {
  return encodeContent(value, () => {}, options);
}

/** A value as one text: keys sorted by code unit, no white space, what JSON lacks as the nodes of a content tree, nothing cut. */
export function canonicalJson(value: unknown, options: EncodeOptions = {}): string {
  const { codecs = [], redactor } = options;
  return new TreeWriter({ codecs, redactor, memory: new Memory(), put: undefined }).text(value);
}
