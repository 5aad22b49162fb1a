import { crc32 } from "node:zlib";
import type { JournalRecord } from "../model/journal.ts";

// Little-endian: u32 length of the body, u32 CRC-32 of all that follows, u64 offset, f64 appendedAt, u8 kind, body.
const LENGTH_AT = 0;
const CRC_AT = 4;
const OFFSET_AT = 8;
const APPENDED_AT = 16;
const KIND_AT = 24;
export const HEAD_BYTES = 25;

/** A longer body is taken for damage. The largest request that the collector can be set to accept is far below. */
const BODY_MAX_BYTES = 1024 * 1024 * 1024;

const kinds = ["spans", "cut", "verdict"] as const;

/** The bytes that stand before the body. */
export function encodeHead({ offset, appendedAt, kind, body }: JournalRecord): Buffer {
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  head.writeUInt32LE(body.length, LENGTH_AT);
  head.writeBigUInt64LE(offset, OFFSET_AT);
  head.writeDoubleLE(appendedAt, APPENDED_AT);
  head.writeUInt8(kinds.indexOf(kind), KIND_AT);
  head.writeUInt32LE(crc32(body, crc32(head.subarray(OFFSET_AT))), CRC_AT);
  return head;
}

export type ParsedRecord =
  | { state: "record"; record: JournalRecord; end: number }
  /** The bytes end before the record does, if it is one; it would end at `end`. */
  | { state: "short"; end: number }
  | { state: "damaged" };

/** Reads the record that begins at `at`. Its body shares the memory of `bytes`. */
export function parseRecord(bytes: Buffer, at: number): ParsedRecord {
  if (at + HEAD_BYTES > bytes.length) return { state: "short", end: at + HEAD_BYTES };
  const bodyBytes = bytes.readUInt32LE(at + LENGTH_AT);
  const kind = kinds[bytes.readUInt8(at + KIND_AT)];
  if (bodyBytes > BODY_MAX_BYTES || kind === undefined) return { state: "damaged" };
  const end = at + HEAD_BYTES + bodyBytes;
  if (end > bytes.length) return { state: "short", end };
  if (crc32(bytes.subarray(at + OFFSET_AT, end)) !== bytes.readUInt32LE(at + CRC_AT)) return { state: "damaged" };
  const offset = bytes.readBigUInt64LE(at + OFFSET_AT);
  const appendedAt = bytes.readDoubleLE(at + APPENDED_AT);
  return { state: "record", record: { offset, appendedAt, kind, body: bytes.subarray(at + HEAD_BYTES, end) }, end };
}

/**
 * The position of the next whole record after damage, or null. Tries every byte, but computes a checksum only where the offset is one that can
 * follow: from `offset` on, and not further than the bytes have room for records.
 */
export function findRecord(bytes: Buffer, from: number, offset: bigint): number | null {
  const offsetMax = offset + BigInt(bytes.length);
  for (let at = from; at + HEAD_BYTES <= bytes.length; at++) {
    const candidate = bytes.readBigUInt64LE(at + OFFSET_AT);
    if (candidate >= offset && candidate <= offsetMax && parseRecord(bytes, at).state === "record") return at;
  }
  return null;
}
