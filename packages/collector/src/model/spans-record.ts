import type { SpansRecord } from "./block.ts";

// u8 version, u8 encoding, u8 compression, u8 length of the project, the project, then the client's bytes as they came.
const VERSION = 1;
const HEAD_BYTES = 4;
const encodings = ["protobuf", "json"] as const;
const compressions = ["none", "gzip", "deflate", "zstd"] as const;

/**
 * The body of a journal record of kind `spans`.
 *
 * @throws RangeError when the project's name is longer than 255 bytes of UTF-8.
 */
export function encodeSpansRecord(record: SpansRecord): Uint8Array {
  const project = Buffer.from(record.project);
  if (project.length > 255) throw new RangeError(`A project's name has at most 255 bytes, this one ${project.length}.`);
  const head = Buffer.from([
    VERSION,
    encodings.indexOf(record.encoding),
    compressions.indexOf(record.compression),
    project.length,
  ]);
  return Buffer.concat([head, project, record.body]);
}

/** The record of a body, or null when the body is not one of this version. Shares the body's memory. */
export function decodeSpansRecord(bytes: Uint8Array): SpansRecord | null {
  const [version, encodingIndex = -1, compressionIndex = -1, projectBytes = 0] = bytes;
  const encoding = encodings[encodingIndex];
  const compression = compressions[compressionIndex];
  const bodyAt = HEAD_BYTES + projectBytes;
  if (version !== VERSION || encoding === undefined || compression === undefined || bytes.length < bodyAt) return null;
  const project = Buffer.from(bytes.buffer, bytes.byteOffset + HEAD_BYTES, projectBytes).toString();
  return { project, encoding, compression, body: bytes.subarray(bodyAt) };
}
