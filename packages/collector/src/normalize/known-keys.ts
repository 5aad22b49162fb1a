import { KEY_IDS, keyNames } from "../model/key-names.ts";
import { genai } from "./dialects/genai.ts";
import { genaiVariants } from "./dialects/genai-variants.ts";
import { foreign } from "./dialects/index.ts";
import { otel } from "./dialects/otel.ts";
import { type AttributeReader, type Dialect, PLAIN_BITS, type Reading } from "./reading.ts";
import { runreel } from "./runreel.ts";

/** Grows when the same span would come out otherwise, so that stored rows say which reading they are. */
const MAPPER_VERSION = 2;

export interface KnownKey {
  /** Which dialect it is of, as a bit. */
  bit: number;
  read: AttributeReader;
}

/** One bit each. The first three are those of `PLAIN_BITS`; of the others the first that a span has a key of names it, after its scope. */
const dialects: readonly (readonly [string, Dialect])[] = [
  ["runreel", runreel],
  ["genai", genai],
  ["otel", otel],
  ...Object.entries(foreign),
  ["genai", genaiVariants],
];

const RUNREEL_BIT = 1;
const GENAI_BIT = 2;
const mappers: readonly string[] = dialects.map(([name]) => `${name}@${MAPPER_VERSION}`);
const mapperByName = new Map(dialects.map(([name], place) => [name, mappers[place]!]));
export const runreelMapper: string = mappers[0]!;
const genaiMapper = mappers[1]!;
const otelMapper = mappers[2]!;

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
  const others = bits & ~PLAIN_BITS;
  if (others !== 0) return mappers[31 - Math.clz32(others & -others)]!;
  return bits & GENAI_BIT ? genaiMapper : otelMapper;
}

function byId(): (KnownKey | undefined)[] {
  const found = Array.from({ length: KEY_IDS }, (): KnownKey | undefined => undefined);
  for (const [key, known] of knownKeys) found[keyNames.idOfName(key)] = known;
  found[0] = undefined;
  return found;
}
