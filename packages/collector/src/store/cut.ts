/** Where a block begins and ends, in offsets of its partition, both included. Blocks follow one another without a gap. */
export interface Cut {
  first: bigint;
  last: bigint;
}

/** The body of a journal record of kind `cut`. */
export function encodeCut({ first, last }: Cut): Uint8Array {
  return Buffer.from(JSON.stringify({ first: String(first), last: String(last) }));
}

/** The cut of a record's body, or null when it is none. */
export function parseCut(body: Uint8Array): Cut | null {
  try {
    const { first, last } = JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>;
    const cut = { first: BigInt(first as string), last: BigInt(last as string) };
    return cut.last >= cut.first ? cut : null;
  } catch {
    return null;
  }
}
