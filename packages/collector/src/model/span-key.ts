/** 64 bits that stand for a span of a project: its id and its trace's, folded. Ids are random, so two spans hardly ever share them. */
export interface SpanKey {
  low: number;
  high: number;
}

/** Folds the span id at `spanAt` and the trace id at `traceAt` into `key`. Never both zero. */
export function foldSpanKey(bytes: Uint8Array, traceAt: number, spanAt: number, salt: number, key: SpanKey): void {
  key.low = (word(bytes, spanAt) ^ word(bytes, traceAt) ^ Math.imul(word(bytes, traceAt + 8), 31) ^ salt) >>> 0;
  key.high = (word(bytes, spanAt + 4) ^ word(bytes, traceAt + 4) ^ Math.imul(word(bytes, traceAt + 12), 31)) >>> 0;
  if (key.low === 0 && key.high === 0) key.low = 1;
}

/** Keeps equal ids of different projects apart. */
export function saltOf(project: string): number {
  let hash = 0;
  for (let index = 0; index < project.length; index++) hash = (Math.imul(hash, 31) + project.charCodeAt(index)) | 0;
  return hash;
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
