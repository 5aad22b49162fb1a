const START_BYTES = 64 * 1024;

/** A buffer that one large value has blown up is not kept for the small ones after it. */
const KEPT_MAX_BYTES = 1024 * 1024;

/** Texts and bytes up to this length are written by a loop; a call into the engine costs more than it. */
const SHORT_MAX_LENGTH = 48;

/**
 * Writes protobuf from the end to the start: what stands inside a message is written before its length, so every length is known when
 * it is due, in one pass and without a copy. Fields and elements are therefore written last first.
 */
export class BackwardWriter {
  #buffer: Buffer;
  /** Where what is written begins. */
  #position: number;

  /** Writes into the buffer at first; larger ones take its place. */
  constructor(buffer: Buffer = Buffer.allocUnsafeSlow(START_BYTES)) {
    this.#buffer = buffer;
    this.#position = buffer.length;
  }

  /** How much is written. The difference of two of these is the length of a message. */
  get length(): number {
    return this.#buffer.length - this.#position;
  }

  /** What is written, until the next call of anything here. */
  get written(): Uint8Array {
    return this.#buffer.subarray(this.#position);
  }

  /** The last `bytes` bytes that were written, which stand first. */
  head(bytes: number): Uint8Array {
    return this.#buffer.subarray(this.#position, this.#position + bytes);
  }

  /** Begins anew. */
  reset(): void {
    if (this.#buffer.length > KEPT_MAX_BYTES) this.#buffer = Buffer.allocUnsafeSlow(START_BYTES);
    this.#position = this.#buffer.length;
  }

  /** Takes back what has been written since the length was `length`. */
  backTo(length: number): void {
    this.#position = this.#buffer.length - length;
  }

  byte(value: number): void {
    this.#room(1);
    this.#position -= 1;
    this.#buffer[this.#position] = value;
  }

  /** A varint of a whole number from 0 to 2^53 - 1. */
  varint(value: number): void {
    if (value < 0x80) return this.byte(value);
    const size = value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : bytesOfVarint(value);
    this.#room(size);
    this.#position -= size;
    let at = this.#position;
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) {
      this.#buffer[at] = (rest % 0x80) | 0x80;
      at += 1;
    }
    this.#buffer[at] = rest;
  }

  /** A varint of any 64-bit number, negative ones as their two's complement. */
  bigVarint(value: bigint): void {
    const groups: number[] = [];
    let rest = BigInt.asUintN(64, value);
    for (; rest > 0x7fn; rest >>= 7n) groups.push(Number(rest & 0x7fn) | 0x80);
    groups.push(Number(rest));
    for (let at = groups.length - 1; at >= 0; at -= 1) this.byte(groups[at]!);
  }

  fixed32(value: number): void {
    this.#room(4);
    this.#position -= 4;
    this.#buffer.writeUInt32LE(value, this.#position);
  }

  fixed64(low: number, high: number): void {
    this.#room(8);
    this.#position -= 8;
    this.#buffer.writeUInt32LE(low, this.#position);
    this.#buffer.writeUInt32LE(high, this.#position + 4);
  }

  double(value: number): void {
    this.#room(8);
    this.#position -= 8;
    this.#buffer.writeDoubleLE(value, this.#position);
  }

  bytes(value: Uint8Array): void {
    const { length } = value;
    this.#room(length);
    this.#position -= length;
    if (length > SHORT_MAX_LENGTH) return this.#buffer.set(value, this.#position);
    for (let at = 0; at < length; at += 1) this.#buffer[this.#position + at] = value[at]!;
  }

  /** The bytes from `start` to `end` of a buffer. */
  part(from: Buffer, start: number, end: number): void {
    this.#room(end - start);
    this.#position -= end - start;
    from.copy(this.#buffer, this.#position, start, end);
  }

  /** The bytes that hexadecimal digits stand for. */
  hex(digits: string): void {
    const size = digits.length >> 1;
    this.#room(size);
    this.#position -= size;
    let at = this.#position;
    for (let index = 0; index < digits.length - 1; index += 2) {
      this.#buffer[at] = (nibble(digits.charCodeAt(index)) << 4) | nibble(digits.charCodeAt(index + 1));
      at += 1;
    }
  }

  /** The UTF-8 of a text. */
  text(value: string): void {
    if (value.length <= SHORT_MAX_LENGTH && this.#shortText(value)) return;
    const size = Buffer.byteLength(value);
    this.#room(size);
    this.#position -= size;
    this.#buffer.write(value, this.#position, size, "utf8");
  }

  /** Writes a text that is ASCII; returns false, and has written nothing, where it is not. */
  #shortText(value: string): boolean {
    this.#room(value.length);
    const buffer = this.#buffer;
    let at = this.#position;
    for (let index = value.length - 1; index >= 0; index -= 1) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) return false;
      at -= 1;
      buffer[at] = code;
    }
    this.#position = at;
    return true;
  }

  #room(bytes: number): void {
    if (bytes <= this.#position) return;
    const { written } = this;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, written.length + bytes));
    this.#position = larger.length - written.length;
    larger.set(written, this.#position);
    this.#buffer = larger;
  }
}

function bytesOfVarint(value: number): number {
  let size = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

/** 0 to 15 for a hexadecimal digit in either case. */
function nibble(code: number): number {
  return code <= 57 ? code - 48 : (code & 0x5f) - 55;
}
