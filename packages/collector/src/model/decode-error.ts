/** Stable codes of a body that cannot be read at all. They stand in the answer to its sender. */
export type DecodeErrorCode =
  | "invalid_protobuf"
  | "invalid_json"
  | "invalid_compression"
  | "body_too_large"
  | "too_many_spans"
  | "too_many_values";

/**
 * A request body that cannot be read. Nothing else is thrown while decoding, whatever the bytes are.
 *
 * A single bad span inside a readable body is no error: it is rejected and counted, and the rest is kept.
 */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  readonly code: DecodeErrorCode;

  constructor(code: DecodeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
