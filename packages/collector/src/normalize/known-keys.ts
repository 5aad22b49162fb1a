import { KEY_IDS, keyNames } from "../model/key-names.ts";
import { genai } from "./dialects/genai.ts";
import { genaiVariants } from "./dialects/genai-variants.ts";
import { foreign } from "./dialects/index.ts";
import { otel } from "./dialects/otel.ts";
import type { AttributeReader, Dialect, Reading } from "./reading.ts";
import { runreel } from "./runreel.ts";

/** Grows when the same span would come out otherwise, so that stored rows say which reading they are. */
const MAPPER_VERSION = 2;

export interface KnownKey {
  /** Which dialect it is of, as a bit. */
  bit: number;
  read: AttributeReader;
}

/** The first that a span has a key of names it, after the name of its scope. */
const dialects: readonly (readonly [string, Dialect])[] = [
  ["runreel", runreel],
  ...Object.entries(foreign),
  ["genai", { ...genaiVariants, ...genai }],
  ["otel", otel],
];

export const runreelMapper: string = `runreel@${MAPPER_VERSION}`;
const mappers: readonly string[] = dialects.map(([name]) => `${name}@${MAPPER_VERSION}`);
const mapperByName = new Map(dialects.map(([name], place) => [name, mappers[place]!]));
const RUNREEL_BIT = 1;

/** All keys of all dialects in one map: no key belongs to two of them. */
export const knownKeys: ReadonlyMap<string, KnownKey> = new Map(
  dialects.flatMap(([, readers], place) =>
    Object.entries(readers).map(([key, read]): [string, KnownKey] => [key, { bit: 1 << place, read }]),
  ),
);

/** The same by the numbers of the keys, which they get here at the latest. */
export const knownKeysById: readonly (KnownKey | undefined)[] = byId();

/** Who made of the span what it became. */
export function mapperOf({ dialects: bits, emitter }: Reading): string {
  if (bits & RUNREEL_BIT) return runreelMapper;
  if (emitter.dialect !== undefined) return mapperByName.get(emitter.dialect)!;
  return mappers[bits === 0 ? mappers.length - 1 : 31 - Math.clz32(bits & -bits)]!;
}

function byId(): (KnownKey | undefined)[] {
  const found = Array.from({ length: KEY_IDS }, (): KnownKey | undefined => undefined);
  for (const [key, known] of knownKeys) found[keyNames.idOfName(key)] = known;
  found[0] = undefined;
  return found;
}
