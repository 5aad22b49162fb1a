import { doubled } from "../../model/attribute-table.ts";
import { UNREPORTED } from "../../model/normalized-span.ts";
import { type Column, bytesOf } from "./column.ts";
import { Int64Column, UInt8Column } from "./fixed-columns.ts";

/** `Nullable(UInt32)`: a count, or nothing where nobody reported one. */
export class NullableUInt32Column implements Column {
  readonly type = "Nullable(UInt32)";
  #nulls: Uint8Array = new Uint8Array(256);
  #data: Uint32Array = new Uint32Array(256);
  #rows = 0;

  get bytes(): number {
    return this.#rows * 5;
  }

  append(value: number): void {
    if (this.#rows === this.#data.length) {
      this.#data = doubled(this.#data);
      this.#nulls = doubled(this.#nulls);
    }
    const isNull = value === UNREPORTED;
    this.#nulls[this.#rows] = isNull ? 1 : 0;
    this.#data[this.#rows++] = isNull ? 0 : value;
  }

  take(): Uint8Array[] {
    const parts = [bytesOf(this.#nulls, this.#rows), bytesOf(this.#data, this.#rows)];
    this.#rows = 0;
    return parts;
  }
}

/** What a `Decimal(18, 12)` holds at most. */
const DECIMAL_MAX = 10n ** 18n - 1n;

/** `Nullable(Decimal(18, 12))`, from millionths of a millionth: up to a million less a bit. */
export class NullableDecimalColumn implements Column {
  readonly type = "Nullable(Decimal(18, 12))";
  readonly #nulls = new UInt8Column();
  readonly #data = new Int64Column();

  get bytes(): number {
    return this.#nulls.bytes + this.#data.bytes;
  }

  append(value: bigint | null): void {
    this.#nulls.append(value === null ? 1 : 0);
    if (value === null) this.#data.append(0, 0);
    else this.#data.appendBigInt(value > DECIMAL_MAX ? DECIMAL_MAX : value);
  }

  take(): Uint8Array[] {
    return [...this.#nulls.take(), ...this.#data.take()];
  }
}
