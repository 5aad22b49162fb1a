/** Reads the fields of a protobuf message, as far as answers have them: numbers and bytes. */
export class FieldReader {
  readonly #message: Uint8Array;
  #at = 0;

  constructor(message: Uint8Array) {
    this.#message = message;
  }

  /** A tag, a length or a number; undefined at the end, and where it cannot be read. */
  varint(): number | undefined {
    let value = 0;
    for (let weight = 1; this.#at < this.#message.length && weight < 2 ** 53; weight *= 0x80) {
      const byte = this.#message[this.#at]!;
      this.#at += 1;
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
    }
    return undefined;
  }

  /** What has a length before it; undefined where that is not there. */
  bytes(): Uint8Array | undefined {
    const length = this.varint();
    if (length === undefined || this.#at + length > this.#message.length) return undefined;
    this.#at += length;
    return this.#message.subarray(this.#at - length, this.#at);
  }
}
