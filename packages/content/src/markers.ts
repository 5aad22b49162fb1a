/** Stands in a decoded value for an instance whose codec the reader does not have. Encoding it again gives the same tree. */
export class UnknownInstance {
  readonly codec: string;
  readonly value: unknown;

  constructor(codec: string, value: unknown) {
    this.codec = codec;
    this.value = value;
  }
}

/** Why a value has no content. */
export type OmissionReason =
  | "function"
  | "symbol"
  | "circular"
  | "too_deep"
  | "too_large"
  | "unreadable"
  | "stream"
  | "promise";

/** Stands in a decoded value for something that could not be recorded. Encoding it again gives the same tree. */
export class Omitted {
  readonly reason: OmissionReason | (string & {});

  constructor(reason: OmissionReason | (string & {})) {
    this.reason = reason;
  }
}
