import { ByteChunks } from "./byte-chunks.ts";
import type { Column } from "./column.ts";

/** `String`: any bytes. */
export class StringColumn implements Column {
  readonly type = "String";
  readonly #chunks = new ByteChunks();

  get bytes(): number {
    return this.#chunks.length;
  }

  append(text: string): void {
    this.#chunks.text(text);
  }

  appendSlice(source: Buffer, at: number, length: number): void {
    this.#chunks.slice(source, at, length);
  }

  /** Some rows that were taken from another column of strings. */
  appendEncoded(rows: Buffer): void {
    this.#chunks.bytes(rows, 0, rows.length);
  }

  take(): Uint8Array[] {
    return this.#chunks.take();
  }
}
