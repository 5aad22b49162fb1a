import { createHash, hash } from "node:crypto";

/** `tree` is canonical JSON, `text` a bare string, `bytes` anything else. */
export type BlobType = "tree" | "text" | "bytes";

/** A piece of content, named by what it holds. */
export interface Blob {
  /** The first 16 bytes of SHA-256 over type, line feed and data, in hex. */
  hash: string;
  type: BlobType;
  /** A string for `tree` and `text`, bytes for `bytes`. */
  data: string | Uint8Array;
}

/** Takes the data of a blob and gives its name. */
export type PutBlob = (type: BlobType, data: string | Uint8Array) => string;

const HASH_HEX_LENGTH = 32;

/** Names a blob. Text is hashed as UTF-8. */
export function hashBlob(type: BlobType, data: string | Uint8Array): string {
  if (typeof data === "string") return hash("sha256", `${type}\n${data}`).slice(0, HASH_HEX_LENGTH);
  return createHash("sha256").update(`${type}\n`).update(data).digest("hex").slice(0, HASH_HEX_LENGTH);
}

/** The name of a blob whose type, line feed and data stand one after the other. */
export function hashOfBytes(typeAndData: Uint8Array): string {
  return hash("sha256", typeAndData).slice(0, HASH_HEX_LENGTH);
}

/** Whether a text has more than `maxBytes` bytes of UTF-8; counts them only where its length does not already tell. */
export function isLongerThan(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) return true;
  if (text.length * 3 <= maxBytes) return false;
  return Buffer.byteLength(text) > maxBytes;
}

/** The same for several texts together. */
export function areLongerThan(texts: readonly string[], maxBytes: number): boolean {
  let length = 0;
  for (const text of texts) length += text.length;
  if (length > maxBytes) return true;
  if (length * 3 <= maxBytes) return false;
  let bytes = 0;
  for (const text of texts) bytes += Buffer.byteLength(text);
  return bytes > maxBytes;
}
