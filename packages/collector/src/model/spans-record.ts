import type { SpansRecord } from "./block.ts";
import { MemoryPool } from "./memory-pool.ts";

// u8 version, u8 encoding, u8 compression, u8 length of the project, the project, then the client's bytes as they came.
const VERSION = 1;
const HEAD_BYTES = 4;
const encodings = ["protobuf", "json"] as const;
const compressions = ["none", "gzip", "deflate", "zstd"] as const;

const PROJECT_MAX_BYTES = 255;
/** In front of an allocated body, so that its record can be made around it. */
const ROOM_BYTES = HEAD_BYTES + PROJECT_MAX_BYTES;
/** Memory of bodies and of the records around them. A little more is kept than what is on its way at once while the store keeps up. */
const KEPT_MAX_BYTES = 32 * 1024 * 1024;
export const recordMemory: MemoryPool = new MemoryPool(KEPT_MAX_BYTES);

/** Memory for a body of at least that many bytes whose record will need no copy of it. */
export function allocateBody(bytes: number): Buffer {
  return recordMemory.take(ROOM_BYTES + bytes).subarray(ROOM_BYTES);
}

/**
 * The body of a journal record of kind `spans`. Shares the memory of a body from `allocateBody`.
 *
 * @throws RangeError when the project's name is longer than 255 bytes of UTF-8.
 */
export function encodeSpansRecord(record: SpansRecord): Uint8Array {
  const project = Buffer.from(record.project);
  if (project.length > PROJECT_MAX_BYTES)
    throw new RangeError(`A project's name has at most 255 bytes, this one ${project.length}.`);
  const head = Buffer.from([
    VERSION,
    encodings.indexOf(record.encoding),
    compressions.indexOf(record.compression),
    project.length,
  ]);
  const { body } = record;
  const headBytes = HEAD_BYTES + project.length;
  if (!recordMemory.hasLent(body) || body.byteOffset !== ROOM_BYTES) return Buffer.concat([head, project, body]);
  const whole = Buffer.from(body.buffer, ROOM_BYTES - headBytes, headBytes + body.length);
  whole.set(head);
  whole.set(project, HEAD_BYTES);
  return whole;
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
