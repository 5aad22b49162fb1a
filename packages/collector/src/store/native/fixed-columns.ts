import { doubled } from "../../model/attribute-table.ts";
import { type Column, bytesOf } from "./column.ts";

/** `FixedString(size)`: ids and hashes. */
export class FixedStringColumn implements Column {
  readonly type: string;
  readonly #size: number;
  #data: Uint8Array;
  #length = 0;

  constructor(size: number) {
    this.type = `FixedString(${size})`;
    this.#size = size;
    this.#data = new Uint8Array(size * 256);
  }

  get bytes(): number {
    return this.#length;
  }

  append(source: Uint8Array, at = 0): void {
    const data = this.#next();
    const to = this.#length - this.#size;
    for (let index = 0; index < this.#size; index++) data[to + index] = source[at + index]!;
  }

  appendZeros(): void {
    this.#next().fill(0, this.#length - this.#size, this.#length);
  }

  take(): Uint8Array[] {
    const bytes = bytesOf(this.#data, this.#length);
    this.#length = 0;
    return [bytes];
  }

  #next(): Uint8Array {
    if (this.#length === this.#data.length) this.#data = doubled(this.#data);
    this.#length += this.#size;
    return this.#data;
  }
}

/** `UInt8`. */
export class UInt8Column implements Column {
  readonly type = "UInt8";
  #data: Uint8Array = new Uint8Array(256);
  #rows = 0;

  get bytes(): number {
    return this.#rows;
  }

  append(value: number): void {
    if (this.#rows === this.#data.length) this.#data = doubled(this.#data);
    this.#data[this.#rows++] = value;
  }

  take(): Uint8Array[] {
    const bytes = bytesOf(this.#data, this.#rows);
    this.#rows = 0;
    return [bytes];
  }
}

/** Four bytes a row: `UInt32`, or `DateTime('UTC')` in seconds since the epoch. */
export class UInt32Column implements Column {
  readonly type: string;
  #data: Uint32Array = new Uint32Array(256);
  #rows = 0;

  constructor(type = "UInt32") {
    this.type = type;
  }

  get bytes(): number {
    return this.#rows * 4;
  }

  append(value: number): void {
    if (this.#rows === this.#data.length) this.#data = doubled(this.#data);
    this.#data[this.#rows++] = value;
  }

  take(): Uint8Array[] {
    const bytes = bytesOf(this.#data, this.#rows);
    this.#rows = 0;
    return [bytes];
  }
}

/** `Date`: days since the epoch, below 65,536. */
export class DateColumn implements Column {
  readonly type = "Date";
  readonly #days: number[] = [];

  get bytes(): number {
    return this.#days.length * 2;
  }

  append(day: number): void {
    this.#days.push(day);
  }

  take(): Uint8Array[] {
    const bytes = new Uint8Array(Uint16Array.from(this.#days).buffer);
    this.#days.length = 0;
    return [bytes];
  }
}

/** Eight bytes a row as two halves: `UInt64`, `DateTime64(9, 'UTC')` in nanoseconds, `DateTime64(3, 'UTC')` in milliseconds. */
export class Int64Column implements Column {
  readonly type: string;
  #halves: Uint32Array = new Uint32Array(512);
  #rows = 0;

  constructor(type = "UInt64") {
    this.type = type;
  }

  get bytes(): number {
    return this.#rows * 8;
  }

  append(low: number, high: number): void {
    if (this.#rows * 2 === this.#halves.length) this.#halves = doubled(this.#halves);
    this.#halves[this.#rows * 2] = low;
    this.#halves[this.#rows * 2 + 1] = high;
    this.#rows++;
  }

  /** A whole number from 0 up to 2^53. */
  appendNumber(value: number): void {
    this.append(value >>> 0, (value / 4294967296) >>> 0);
  }

  appendBigInt(value: bigint): void {
    this.append(Number(value & 0xffffffffn), Number((value >> 32n) & 0xffffffffn));
  }

  take(): Uint8Array[] {
    const bytes = bytesOf(this.#halves, this.#rows * 2);
    this.#rows = 0;
    return [bytes];
  }
}

/** `Decimal(38, 12)`, from millionths of a millionth. */
export class Decimal128Column implements Column {
  readonly type = "Decimal(38, 12)";
  readonly #words: bigint[] = [];

  get bytes(): number {
    return this.#words.length * 8;
  }

  append(value: bigint): void {
    this.#words.push(BigInt.asIntN(64, value), BigInt.asIntN(64, value >> 64n));
  }

  take(): Uint8Array[] {
    const bytes = new Uint8Array(BigInt64Array.from(this.#words).buffer);
    this.#words.length = 0;
    return [bytes];
  }
}
