const INSERTION_MAX_LENGTH = 24;

/** Sorts by code unit, in place. Objects have few keys, often in order; `sort` would copy them to and fro. */
export function sortKeys(keys: string[]): string[] {
  if (keys.length > INSERTION_MAX_LENGTH) return keys.sort();
  for (let at = 1; at < keys.length; at += 1) {
    const key = keys[at]!;
    let to = at;
    for (; to > 0 && keys[to - 1]! > key; to -= 1) keys[to] = keys[to - 1]!;
    keys[to] = key;
  }
  return keys;
}

const keyTexts = new Map<string, string>();
const KEY_TEXTS_MAX_COUNT = 2_000;

/** A key as JSON, with its colon. The same keys come again and again, so their texts are kept. */
export function keyText(key: string): string {
  const known = keyTexts.get(key);
  if (known !== undefined) return known;
  const text = `${JSON.stringify(key.startsWith("$") ? `$${key}` : key)}:`;
  if (keyTexts.size < KEY_TEXTS_MAX_COUNT) keyTexts.set(key, text);
  return text;
}
