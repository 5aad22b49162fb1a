import type { Attributes } from "@opentelemetry/api";
import { canonicalJson, ContentEncoder } from "@runreel/content";
import type { BlobType, Codec, ContentRedactor } from "@runreel/content";
import {
  GEN_AI_INPUT_MESSAGES,
  GEN_AI_OUTPUT_MESSAGES,
  GEN_AI_SYSTEM_INSTRUCTIONS,
  GEN_AI_TOOL_CALL_ARGUMENTS,
  GEN_AI_TOOL_CALL_RESULT,
  GEN_AI_TOOL_DEFINITIONS,
  RUNREEL_CONTENT_DROPPED,
  RUNREEL_CONTENT_INPUT,
  RUNREEL_CONTENT_OUTPUT,
  RUNREEL_CONTENT_RAW,
  RUNREEL_CONTENT_STATE,
  RUNREEL_CONTENT_SYSTEM,
  RUNREEL_CONTENT_TOOLS,
  RUNREEL_REASONING,
} from "@runreel/semconv";

import { cutText, shortenJson } from "./shorten-json.ts";

/** How content is sent: as blobs, each once; as plain GenAI attributes for a foreign backend; or not at all. */
export type ContentMode = "blobs" | "inline" | "none";

/** What a value is to its span. */
export type ContentPlace =
  | "input"
  | "output"
  | "system"
  | "tools"
  | "raw"
  | "state"
  | "reasoning"
  | "arguments"
  | "result";

/** Says on a span what stands in a place. A value that is undefined says nothing. */
export type WriteContent = (into: Attributes, place: ContentPlace, value: unknown) => void;

export interface ContentWriterOptions {
  mode: ContentMode;
  codecs: readonly Codec[];
  /** Takes secrets out. */
  redactor?: ContentRedactor | undefined;
  /** Takes the data of a blob and gives its name, and whether it was kept. */
  putBlob: (type: BlobType, data: string | Uint8Array) => { hash: string; isKept: boolean };
  /** Whether there is room to make again what was lost. */
  hasRoom: () => boolean;
  now?: () => number;
}

const references: Record<ContentPlace, string> = {
  input: RUNREEL_CONTENT_INPUT,
  arguments: RUNREEL_CONTENT_INPUT,
  output: RUNREEL_CONTENT_OUTPUT,
  result: RUNREEL_CONTENT_OUTPUT,
  system: RUNREEL_CONTENT_SYSTEM,
  tools: RUNREEL_CONTENT_TOOLS,
  raw: RUNREEL_CONTENT_RAW,
  state: RUNREEL_CONTENT_STATE,
  reasoning: RUNREEL_REASONING,
};

/** Places that a foreign backend knows; state and the host's own form mean nothing to it. */
const inlineNames: Partial<Record<ContentPlace, string>> = {
  input: GEN_AI_INPUT_MESSAGES,
  output: GEN_AI_OUTPUT_MESSAGES,
  system: GEN_AI_SYSTEM_INSTRUCTIONS,
  tools: GEN_AI_TOOL_DEFINITIONS,
  arguments: GEN_AI_TOOL_CALL_ARGUMENTS,
  result: GEN_AI_TOOL_CALL_RESULT,
  reasoning: RUNREEL_REASONING,
};

/** Whether a value holds what earlier ones held too, and so names what was lost of it. */
function comesAgain(place: ContentPlace, value: unknown): boolean {
  if (place === "input") return Array.isArray(value) && value.length > 1;
  return place === "state" || place === "system" || place === "tools";
}

/** The most characters of one inline attribute. */
const INLINE_MAX_LENGTH = 256 * 1024;

/** Half of what an acknowledged blob is remembered for: nothing is left out that the collector may have let go. */
const MEMORY_MAX_AGE_MS = 6 * 60 * 60 * 1000;

/** The one place that every recorded value passes on its way out. Never throws. */
export class ContentWriter {
  readonly #options: ContentWriterOptions;
  readonly #encoder: ContentEncoder;
  readonly #now: () => number;
  #forgetAt: number;
  #isContentLost = false;
  /** Something that is remembered was lost, and there has been no room to make it again. */
  #isStale = false;

  constructor(options: ContentWriterOptions) {
    this.#options = options;
    this.#encoder = new ContentEncoder({ codecs: options.codecs, redactor: options.redactor });
    this.#now = options.now ?? (() => performance.now());
    this.#forgetAt = this.#now() + MEMORY_MAX_AGE_MS;
  }

  readonly write: WriteContent = (into, place, value) => {
    const { mode } = this.#options;
    if (mode === "none" || value === undefined) return;
    if (mode === "inline") this.#inline(into, place, value);
    else this.#reference(into, place, value);
  };

  /**
   * Blobs were lost: everything is new again as soon as there is room for it. Until then it would be made again for each step, a whole
   * conversation each time, and be lost again.
   */
  forget(): void {
    this.#isStale = true;
  }

  #reference(into: Attributes, place: ContentPlace, value: unknown): void {
    if (this.#now() > this.#forgetAt) this.forget();
    if (this.#isStale && this.#options.hasRoom()) this.#forgetNow();
    this.#isContentLost = this.#isStale && comesAgain(place, value);
    into[references[place]] = this.#encoder.write(value, this.#put);
    if (this.#isContentLost) into[RUNREEL_CONTENT_DROPPED] = "buffer_full";
  }

  #forgetNow(): void {
    this.#encoder.forget();
    this.#isStale = false;
    this.#forgetAt = this.#now() + MEMORY_MAX_AGE_MS;
  }

  #inline(into: Attributes, place: ContentPlace, value: unknown): void {
    const name = inlineNames[place];
    if (name === undefined) return;
    const { codecs, redactor } = this.#options;
    const isMessages = place === "input" || place === "output";
    const isText = typeof value === "string" && !isMessages;
    const listed = isMessages ? this.#messages(value, place === "input" ? "user" : "assistant") : value;
    const text = isText ? (redactor?.text(value) ?? value) : canonicalJson(listed, { codecs, redactor });
    if (text.length <= INLINE_MAX_LENGTH) into[name] = text;
    else into[name] = isText ? cutText(text, INLINE_MAX_LENGTH) : shortenJson(text, INLINE_MAX_LENGTH);
  }

  /** A foreign backend expects a list of messages, also where there is one, and where a run was given or gave something else. */
  #messages(value: unknown, role: string): unknown {
    const { codecs, redactor } = this.#options;
    return (isList(value) ? value : [value]).map((one) => {
      if (isMessage(one)) return one;
      const content = typeof one === "string" ? one : canonicalJson(one, { codecs, redactor });
      return { role, parts: [{ type: "text", content }] };
    });
  }

  readonly #put = (type: BlobType, data: string | Uint8Array): string => {
    const { hash, isKept } = this.#options.putBlob(type, data);
    if (!isKept) {
      this.#isContentLost = true;
      this.forget();
    }
    return hash;
  };
}

/** A list of messages, or one that a value happens to be, which is a text as a whole. */
function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= MESSAGES_MAX_COUNT && value.every(isMessage);
}

const MESSAGES_MAX_COUNT = 10_000;

function isMessage(value: unknown): boolean {
  try {
    const { role, parts } = (value ?? {}) as { role?: unknown; parts?: unknown };
    return typeof role === "string" && Array.isArray(parts);
  } catch {
    return false;
  }
}
