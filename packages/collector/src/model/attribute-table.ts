/** What an attribute holds. The numbers are internal. */
export const ValueType = {
  empty: 0,
  string: 1,
  boolean: 2,
  integer: 3,
  double: 4,
  array: 5,
  map: 6,
  bytes: 7,
} as const;

/**
 * Attributes of spans, resources, events and links, as slices of the batch's bytes. One row each, in struct-of-arrays form.
 *
 * For strings and bytes the slice is the value, for arrays and maps the body of the protobuf message, and for integers the varint, of which
 * `number` holds the nearest double.
 */
export class AttributeTable {
  count = 0;
  /** What `keyNames` calls the key; 0 where it has no number for it. */
  key: Uint16Array = new Uint16Array(1024);
  keyAt: Uint32Array = new Uint32Array(1024);
  keyLength: Uint32Array = new Uint32Array(1024);
  type: Uint8Array = new Uint8Array(1024);
  valueAt: Uint32Array = new Uint32Array(1024);
  valueLength: Uint32Array = new Uint32Array(1024);
  number: Float64Array = new Float64Array(1024);

  /** Makes room for one more row, whose fields hold anything. */
  push(): number {
    if (this.count === this.type.length) this.#grow();
    return this.count++;
  }

  #grow(): void {
    this.key = doubled(this.key);
    this.keyAt = doubled(this.keyAt);
    this.keyLength = doubled(this.keyLength);
    this.type = doubled(this.type);
    this.valueAt = doubled(this.valueAt);
    this.valueLength = doubled(this.valueLength);
    this.number = doubled(this.number);
  }
}

/** A copy of twice the length. */
export function doubled<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(array: T): T {
  const copy = new (array.constructor as new (length: number) => T)(array.length * 2);
  copy.set(array);
  return copy;
}
