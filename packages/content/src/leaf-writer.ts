import { isLongerThan } from "./blob.ts";
import type { PutBlob } from "./blob.ts";
import { keptText, piecesOf } from "./cut-text.ts";
import {
  BLOB_MAX_BYTES,
  BYTES_INLINE_MAX_BYTES,
  LEAF_MAX_LENGTH,
  PIECE_MAX_LENGTH,
  TEXT_INLINE_MAX_BYTES,
} from "./limits.ts";
import { keyText } from "./object-keys.ts";
import { redactedBytes } from "./redactor.ts";
import type { ContentRedactor } from "./redactor.ts";
import { omission, quoted } from "./tree-text.ts";

const KEYS_MAX_COUNT = 2_000;

/** A character may take six bytes in JSON, and a tree must not become larger than a blob may be. */
const LONE_SURROGATE_MAX_BYTES = BLOB_MAX_BYTES / 8;

/** Writes the leaves of a tree, texts and bytes, without the secrets in them. Long ones are blobs. */
export class LeafWriter {
  readonly #put: PutBlob | undefined;
  readonly #redactor: ContentRedactor | undefined;

  /** Redacted keys as JSON, by the keys. They come again and again. */
  readonly #keys: Map<string, string>;

  constructor(put: PutBlob | undefined, redactor: ContentRedactor | undefined, keys: Map<string, string>) {
    this.#put = put;
    this.#redactor = redactor;
    this.#keys = keys;
  }

  string(value: string, key: string | undefined): string {
    if (value.length > PIECE_MAX_LENGTH && this.#put !== undefined) return this.#longText(value, key);
    const text = this.#redactor === undefined ? value : this.#redactor.text(value, key);
    return this.#isCut(text) ? `{"$text":"${this.#put!("text", text)}"}` : quoted(text);
  }

  /** A string that is a whole value: the hash of its own blob, or undefined where it is not long enough for one. */
  root(value: string): string | undefined {
    if (value.length > PIECE_MAX_LENGTH) return undefined;
    const text = this.#redactor === undefined ? value : this.#redactor.text(value);
    return this.#isCut(text) ? this.#put!("text", text) : undefined;
  }

  /** A key with its colon. */
  key(key: string): string {
    if (this.#redactor === undefined) return keyText(key);
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const text = keyText(this.#redactor.text(key));
    if (this.#keys.size < KEYS_MAX_COUNT) this.#keys.set(key, text);
    return text;
  }

  /** What stands in the place of a value whose key says that it is a secret; undefined for all others. */
  hidden(key: string): string | undefined {
    return this.#redactor?.hidesKey(key) === true ? quoted(this.#redactor.hidden()) : undefined;
  }

  bytes(given: Uint8Array): string {
    const value = this.#redactor === undefined ? given : redactedBytes(given, this.#redactor);
    if (this.#put === undefined || value.byteLength <= BYTES_INLINE_MAX_BYTES) {
      return `{"$b64":"${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64")}"}`;
    }
    if (value.byteLength > LEAF_MAX_LENGTH) return omission("too_large");
    if (value.byteLength <= PIECE_MAX_LENGTH) return `{"$bytes":"${this.#put("bytes", value)}"}`;
    const hashes: string[] = [];
    for (let start = 0; start < value.byteLength; start += PIECE_MAX_LENGTH) {
      hashes.push(this.#put("bytes", value.subarray(start, start + PIECE_MAX_LENGTH)));
    }
    return `{"$bytes":${JSON.stringify(hashes)}}`;
  }

  /**
   * Whether a string is a blob of its own. One with a lone surrogate has no UTF-8, but JSON can escape it: it stays in its tree, unless it
   * is too long for any.
   */
  #isCut(text: string): boolean {
    if (this.#put === undefined || !isLongerThan(text, TEXT_INLINE_MAX_BYTES)) return false;
    return text.isWellFormed() || isLongerThan(text, LONE_SURROGATE_MAX_BYTES);
  }

  /** A text that one blob does not hold. */
  #longText(value: string, key: string | undefined): string {
    const text = keptText(value, (one) => this.#redactor?.text(one, key) ?? one);
    return `{"$text":${JSON.stringify(piecesOf(text.toWellFormed()).map((piece) => this.#put!("text", piece)))}}`;
  }
}
