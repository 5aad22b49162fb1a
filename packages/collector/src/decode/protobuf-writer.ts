/** A growing buffer of protobuf bytes. Lengths take five bytes always, so that a message can be written before its length is known. */
export class ProtobufWriter {
  #bytes: Buffer;
  #position = 0;

  constructor(sizeBytes: number) {
    this.#bytes = Buffer.allocUnsafe(Math.max(64, sizeBytes));
  }

  take(): Buffer {
    return this.#bytes.subarray(0, this.#position);
  }

  /** Opens a message; `close` with what it returns ends it. */
  open(tag: number): number {
    this.#room(16);
    this.#varint32(tag);
    this.#position += 5;
    return this.#position;
  }

  close(start: number): void {
    this.#length(start - 5, this.#position - start);
  }

  text(tag: number, text: string): void {
    this.#room(16 + text.length * 3);
    this.#varint32(tag);
    const at = this.#position;
    const written = this.#bytes.write(text, at + 5, "utf8");
    this.#length(at, written);
    this.#position = at + 5 + written;
  }

  raw(tag: number, bytes: Uint8Array): void {
    this.#room(16 + bytes.length);
    this.#varint32(tag);
    this.#length(this.#position, bytes.length);
    this.#position += 5;
    this.#bytes.set(bytes, this.#position);
    this.#position += bytes.length;
  }

  varint(tag: number, value: bigint): void {
    this.#room(20);
    this.#varint32(tag);
    let rest = BigInt.asUintN(64, value);
    while (rest > 127n) {
      this.#bytes[this.#position++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.#bytes[this.#position++] = Number(rest);
  }

  fixed64(tag: number, value: bigint): void {
    this.#room(16);
    this.#varint32(tag);
    this.#position = this.#bytes.writeBigUInt64LE(value, this.#position);
  }

  double(tag: number, value: number): void {
    this.#room(16);
    this.#varint32(tag);
    this.#position = this.#bytes.writeDoubleLE(value, this.#position);
  }

  #varint32(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#position++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#position++] = rest;
  }

  #length(at: number, length: number): void {
    for (let index = 0; index < 4; index++) this.#bytes[at + index] = ((length >>> (7 * index)) & 127) | 128;
    this.#bytes[at + 4] = length >>> 28;
  }

  #room(length: number): void {
    if (this.#position + length <= this.#bytes.length) return;
    const bytes = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#position + length));
    this.#bytes.copy(bytes, 0, 0, this.#position);
    this.#bytes = bytes;
  }
}
