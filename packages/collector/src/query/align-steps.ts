/** What two steps are recognised by. */
export interface AlignableStep {
  kind: string;
  name: string;
  /** Equal for equal arguments. */
  argumentsKey: string;
}

/** A pair of positions; null where the other run has no such step. */
export interface AlignedPair {
  a: number | null;
  b: number | null;
}

/** The same question twice outweighs any number of steps that merely have the same name. */
const SAME_ARGUMENTS = 3;
const SAME_NAME = 2;

/**
 * Pairs the steps of two runs in order, so that as much as possible stays together: equal kind, name and arguments best, equal kind and name next.
 * Time and memory grow with the product of the lengths; what the runs have in common at both ends costs next to nothing.
 */
export function alignSteps(a: readonly AlignableStep[], b: readonly AlignableStep[]): AlignedPair[] {
  let head = 0;
  while (head < a.length && head < b.length && likeness(a[head]!, b[head]!) === SAME_ARGUMENTS) head++;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    likeness(a[a.length - 1 - tail]!, b[b.length - 1 - tail]!) === SAME_ARGUMENTS
  ) {
    tail++;
  }
  const same = (count: number, fromA: number, fromB: number): AlignedPair[] =>
    Array.from({ length: count }, (_, at) => ({ a: fromA + at, b: fromB + at }));
  const middle = alignMiddle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)).map((pair) => ({
    a: pair.a === null ? null : pair.a + head,
    b: pair.b === null ? null : pair.b + head,
  }));
  return [...same(head, 0, 0), ...middle, ...same(tail, a.length - tail, b.length - tail)];
}

/** The best score of every pair of rests, then the way that has it. */
function alignMiddle(a: readonly AlignableStep[], b: readonly AlignableStep[]): AlignedPair[] {
  const width = b.length + 1;
  const best = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const score = likeness(a[i]!, b[j]!);
      const paired = score === 0 ? 0 : score + best[(i + 1) * width + j + 1]!;
      best[i * width + j] = Math.max(paired, best[(i + 1) * width + j]!, best[i * width + j + 1]!);
    }
  }
  const pairs: AlignedPair[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const here = best[i * width + j]!;
    const score = likeness(a[i]!, b[j]!);
    if (score > 0 && here === score + best[(i + 1) * width + j + 1]!) pairs.push({ a: i++, b: j++ });
    else if (here === best[(i + 1) * width + j]!) pairs.push({ a: i++, b: null });
    else pairs.push({ a: null, b: j++ });
  }
  while (i < a.length) pairs.push({ a: i++, b: null });
  while (j < b.length) pairs.push({ a: null, b: j++ });
  return pairs;
}

function likeness(a: AlignableStep, b: AlignableStep): number {
  if (a.kind !== b.kind || a.name !== b.name) return 0;
  return a.argumentsKey === b.argumentsKey ? SAME_ARGUMENTS : SAME_NAME;
}
