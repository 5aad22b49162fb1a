/** Splits `a.b[0].c` at its dots and brackets. A dot that belongs to a key is written `\.`. */
export function parsePath(path: string): string[] {
  const keys: string[] = [];
  let key = "";
  for (let at = 0; at < path.length; at += 1) {
    const character = path[at]!;
    if (character === "\\" && at + 1 < path.length) key += path[(at += 1)]!;
    else if (character === "." || character === "[") {
      if (key !== "") keys.push(key);
      key = "";
    } else if (character !== "]") key += character;
  }
  if (key !== "") keys.push(key);
  return keys;
}

/**
 * A value with one member replaced; what was passed in stays as it is.
 *
 * Steps through instances (`$as` nodes) as if they were their plain values, which is how people see them. The last key may be new,
 * the ones before it must be there.
 *
 * @throws Error when a key leads nowhere; its message says what there is instead
 */
export function withMember(target: unknown, keys: readonly string[], value: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (isInstance(target)) return { $as: [target.$as[0], withMember(target.$as[1], keys, value)] };
  if (Array.isArray(target)) return withElement(target, key, rest, value);
  if (typeof target !== "object" || target === null) {
    throw new Error(`"${key}" leads nowhere: there is ${target === null ? "null" : `a ${typeof target}`} in its place`);
  }
  const members = target as Record<string, unknown>;
  if (rest.length > 0 && !Object.hasOwn(members, key)) {
    throw new Error(`"${key}" leads nowhere: the members are ${Object.keys(members).join(", ") || "none"}`);
  }
  return { ...members, [key]: withMember(members[key], rest, value) };
}

function withElement(target: readonly unknown[], key: string, rest: readonly string[], value: unknown): unknown[] {
  const index = /^\d+$/.test(key) ? Number(key) : Number.NaN;
  const last = rest.length === 0 ? target.length : target.length - 1;
  if (!(index <= last)) throw new Error(`"${key}" leads nowhere: there is a list of ${target.length}, counted from 0`);
  const elements = [...target];
  elements[index] = withMember(target[index], rest, value);
  return elements;
}

const isInstance = (value: unknown): value is { $as: [string, unknown] } =>
  typeof value === "object" && value !== null && Array.isArray((value as { $as?: unknown }).$as);
