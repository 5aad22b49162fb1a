import { InvalidContentError, MissingContentError } from "@runreel/content";
import type { ContentReader } from "./read-content.ts";
import type { Payload } from "./read-payloads.ts";
import type { ContentPlace, SpanRow } from "./read-spans.ts";
import { shorten } from "./shorten.ts";

/** What a step was given and gave back, for reading. */
export interface StepContent {
  /** Of an inference `{messages, system, tools}`. */
  arguments: unknown;
  result: unknown;
  reasoning: string | null;
  truncated: boolean;
  contentMissing: boolean;
}

/** Where the content of a run comes from: blobs of our SDK, or what stood in the spans of others. */
export interface ContentSources {
  reader: ContentReader;
  payloads: ReadonlyMap<string, Payload>;
  /** The most bytes of JSON that one value may have. */
  valueMaxBytes: number;
}

interface Value {
  value: unknown;
  truncated: boolean;
  missing: boolean;
}

/** How many bytes of a tree are put together before it is cut down; more than that and only the newest elements are read. */
const READ_FACTOR = 8;

/** Reads the content of one step, or of a span that is none. */
export async function readStepContent(step: SpanRow, sources: ContentSources): Promise<StepContent> {
  const places: ContentPlace[] =
    step.stepKind === "inference" ? ["input", "output", "system", "tools"] : ["input", "output"];
  const values = await Promise.all(places.map((place) => readPlace(step, place, sources)));
  const [input, output, system, tools] = values as [Value, Value, Value?, Value?];
  const inference = { messages: input.value, system: system?.value ?? null, tools: tools?.value ?? null };
  return {
    arguments: step.stepKind === "inference" ? inference : input.value,
    result: output.value,
    reasoning: reasoningOf(output.value),
    truncated: values.some((value) => value.truncated),
    contentMissing: values.some((value) => value.missing),
  };
}

async function readPlace(span: SpanRow, place: ContentPlace, sources: ContentSources): Promise<Value> {
  const hash = span.content[place];
  if (hash === null) {
    const payload = place === "raw" ? null : (sources.payloads.get(span.spanId)?.[place] ?? null);
    return { ...shorten(payload, sources.valueMaxBytes), missing: false };
  }
  try {
    return { ...(await readBounded(hash, sources)), missing: false };
  } catch (error) {
    if (!(error instanceof MissingContentError || error instanceof InvalidContentError)) throw error;
    return { value: null, truncated: false, missing: true };
  }
}

async function readBounded(hash: string, { reader, valueMaxBytes }: ContentSources): Promise<Omit<Value, "missing">> {
  try {
    return shorten(await reader.plain(hash, valueMaxBytes * READ_FACTOR), valueMaxBytes);
  } catch (error) {
    if (!(error instanceof InvalidContentError)) throw error;
    const newest = await reader.newest(hash, valueMaxBytes);
    if (newest === null || newest.length > 0) return { value: newest, truncated: true };
    // The newest alone is too large: it is read further and cut.
    const last = (await reader.newest(hash, valueMaxBytes * READ_FACTOR))?.slice(-1) ?? null;
    return { value: shorten(last, valueMaxBytes).value, truncated: true };
  }
}

/** The reasoning in a message, or in a list of messages as some emitters send them. */
function reasoningOf(output: unknown): string | null {
  const messages = Array.isArray(output) ? output : [output];
  const texts = messages.flatMap((message) => {
    const parts = (message as { parts?: unknown } | null)?.parts;
    if (!Array.isArray(parts)) return [];
    return (parts as { type?: unknown; content?: unknown }[])
      .filter((part) => part?.type === "reasoning" && typeof part.content === "string")
      .map((part) => part.content as string);
  });
  return texts.length === 0 ? null : texts.join("\n\n");
}
