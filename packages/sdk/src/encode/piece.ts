/** Encoded bytes as a part of a larger buffer. */
export interface Piece {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
}
