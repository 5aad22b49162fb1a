/** A column of a block while it is filled. */
export interface Column {
  /** Its type as ClickHouse spells it. */
  readonly type: string;
  /** Bytes it will take, about. */
  readonly bytes: number;
  /** Hands over the column in FORMAT Native, and begins anew. */
  take(): Uint8Array[];
}

/** The bytes of the first `count` elements, copied. */
export function bytesOf(array: Uint8Array | Uint16Array | Uint32Array | BigInt64Array, count: number): Uint8Array {
  return new Uint8Array(array.slice(0, count).buffer);
}
