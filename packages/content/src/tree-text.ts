import { LIST_GROUP_LENGTH } from "./limits.ts";
import type { OmissionReason } from "./markers.ts";

/** Some elements of an array, from `start` on. */
export interface Part {
  readonly start: number;
  readonly texts: string[];
  /** Places of elements of which cannot be told whether they change. */
  readonly opaque: ReadonlySet<number> | undefined;
}

/** A group of a long list that has been written. */
export interface Group {
  readonly hash: string;
  readonly length: number;
}

/** The hash in a reference. */
export function hashIn(ref: string): string {
  return ref.slice('{"$ref":"'.length, -'"}'.length);
}

/** Up to this length a loop is quicker than a call into the engine. */
const SHORT_MAX_LENGTH = 40;

/** A string as JSON. */
export function quoted(text: string): string {
  if (text.length > SHORT_MAX_LENGTH) return JSON.stringify(text);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isPlain = code >= 0x20 && code < 0x7f && code !== QUOTE && code !== BACKSLASH;
    if (!isPlain) return JSON.stringify(text);
  }
  return `"${text}"`;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export function numberText(value: number): string {
  if (Object.is(value, -0)) return '{"$number":"-0"}';
  return Number.isFinite(value) ? String(value) : `{"$number":"${value}"}`;
}

/** An instance of a class, of which `inside` is what its codec made of it. */
export function instanceText(codec: string, inside: string): string {
  return `{"$as":[${JSON.stringify(codec)},${inside}]}`;
}

export function omission(reason: OmissionReason): string {
  return `{"$omitted":"${reason}"}`;
}

/** Names the groups of a list of so many elements, and groups of groups where they are many, which are put where blobs go. */
export function listed(given: readonly Group[], length: number, put: (text: string) => string): string {
  let groups = given;
  while (groups.length > LIST_GROUP_LENGTH) {
    groups = gathered(groups).map(({ text, length: count }) => ({ hash: put(text), length: count }));
  }
  return listText(groups, length);
}

function listText(groups: readonly Group[], length: number): string {
  return `{"$list":[${groups.map((group) => `"${group.hash}"`).join(",")}],"n":${length}}`;
}

/** Groups of groups, as the texts that name them. */
function gathered(groups: readonly Group[]): { text: string; length: number }[] {
  const texts: { text: string; length: number }[] = [];
  for (let start = 0; start < groups.length; start += LIST_GROUP_LENGTH) {
    const part = groups.slice(start, start + LIST_GROUP_LENGTH);
    const length = part.reduce((sum, group) => sum + group.length, 0);
    texts.push({ text: listText(part, length), length });
  }
  return texts;
}
