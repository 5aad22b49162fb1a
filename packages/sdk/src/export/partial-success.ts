/** Tags of `ExportTraceServiceResponse.partial_success` and of its fields. */
const PARTIAL_SUCCESS = 0x0a;
const REJECTED_SPANS = 0x08;
const ERROR_MESSAGE = 0x12;

/** What an endpoint says it has not taken of a request that it accepted; undefined when it took all, or cannot be understood. */
export function readPartialSuccess(response: Uint8Array): { spanCount: number; error: string } | undefined {
  const reader = new FieldReader(response);
  for (let tag = reader.varint(); tag !== undefined; tag = reader.varint()) {
    const bytes = reader.bytes();
    if (bytes === undefined) return undefined;
    if (tag === PARTIAL_SUCCESS) return readRejected(bytes);
  }
  return undefined;
}

function readRejected(message: Uint8Array): { spanCount: number; error: string } | undefined {
  const reader = new FieldReader(message);
  let spanCount = 0;
  let error = "";
  for (let tag = reader.varint(); tag !== undefined; tag = reader.varint()) {
    if (tag === REJECTED_SPANS) spanCount = reader.varint() ?? 0;
    else if (tag === ERROR_MESSAGE) error = Buffer.from(reader.bytes() ?? []).toString("utf8");
    else return undefined;
  }
  return spanCount === 0 ? undefined : { spanCount, error };
}

class FieldReader {
  readonly #message: Uint8Array;
  #at = 0;

  constructor(message: Uint8Array) {
    this.#message = message;
  }

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

  bytes(): Uint8Array | undefined {
    const length = this.varint();
    if (length === undefined || this.#at + length > this.#message.length) return undefined;
    this.#at += length;
    return this.#message.subarray(this.#at - length, this.#at);
  }
}
