/** The known name that somebody who wrote another one most likely meant; undefined where none is near. */
export function nearestName(written: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  // A third of the letters may be wrong; more is another word.
  let least = Math.floor(written.length / 3) + 1;
  for (const name of known) {
    const changes = changesBetween(written.toLowerCase(), name.toLowerCase());
    if (changes < least) [nearest, least] = [name, changes];
  }
  return nearest;
}

const LETTERS_MAX_COUNT = 40;

/** How many letters must be added, left out or exchanged to make one word of another. */
function changesBetween(from: string, to: string): number {
  if (from.length > LETTERS_MAX_COUNT) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let at = 0; at < from.length; at += 1) {
    const next = [at + 1];
    for (let other = 0; other < to.length; other += 1) {
      const exchanged = row[other]! + (from[at] === to[other] ? 0 : 1);
      next.push(Math.min(exchanged, row[other + 1]! + 1, next[other]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
