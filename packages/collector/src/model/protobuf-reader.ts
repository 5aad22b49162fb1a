import { DecodeError } from "./decode-error.ts";

/** Protobuf's wire types, the three lowest bits of a tag. Groups are not read. */
const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

/**
 * A cursor over protobuf bytes. Every step is checked against `end`, so that broken bytes end in a DecodeError and never outside the buffer.
 */
export class ProtobufReader {
  bytes: Uint8Array;
  position: number;
  end: number;
  /** The halves of what `varint64` and `fixed64` read last. */
  low = 0;
  high = 0;

  constructor(bytes: Uint8Array, position = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  /** An unsigned number of at most 32 bits: a tag, a length, an enum. */
  varint(): number {
    const first = this.position < this.end ? this.bytes[this.position]! : 128;
    if (first < 128) {
      this.position++;
      return first;
    }
    this.varint64();
    if (this.high !== 0) this.fail("a number of more than 32 bits where none may stand");
    return this.low;
  }

  /** Reads a number of up to 64 bits into `low` and `high`. */
  varint64(): void {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= this.end) this.fail("the bytes end inside a number");
      const byte = this.bytes[this.position++]!;
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 128) {
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    this.fail("a number of more than 10 bytes");
  }

  /** Reads eight bytes, least first, into `low` and `high`. */
  fixed64(): void {
    const { bytes, position } = this;
    if (this.end - position < 8) this.fail("the bytes end inside a number");
    this.low =
      (bytes[position]! | (bytes[position + 1]! << 8) | (bytes[position + 2]! << 16) | (bytes[position + 3]! << 24)) >>>
      0;
    this.high =
      (bytes[position + 4]! |
        (bytes[position + 5]! << 8) |
        (bytes[position + 6]! << 16) |
        (bytes[position + 7]! << 24)) >>>
      0;
    this.position = position + 8;
  }

  /** Reads a length and says where the field ends, having checked that it lies inside. */
  fieldEnd(): number {
    const length = this.varint();
    if (length > this.end - this.position) {
      this.fail(`a field of ${length} bytes where ${this.end - this.position} are left`);
    }
    return this.position + length;
  }

  /** Steps over a field that nobody knows. */
  skip(tag: number): void {
    switch (tag & 7) {
      case VARINT:
        this.varint64();
        return;
      case FIXED64:
        this.advance(8);
        return;
      case DELIMITED:
        this.position = this.fieldEnd();
        return;
      case FIXED32:
        this.advance(4);
        return;
      default:
        this.fail(`wire type ${tag & 7}, which OTLP does not use`);
    }
  }

  advance(length: number): void {
    if (length > this.end - this.position) this.fail("the bytes end inside a field");
    this.position += length;
  }

  fail(what: string): never {
    throw new DecodeError("invalid_protobuf", `Not an OTLP trace request: ${what}, at byte ${this.position}.`);
  }
}
