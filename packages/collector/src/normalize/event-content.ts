import type { ByteSlice, NormalizedSpan } from "../model/normalized-span.ts";
import type { Reading } from "./reading.ts";

/** The one event of today's conventions, which Strands writes several times: one for each part of the content. */
const DETAILS = "gen_ai.client.inference.operation.details";
const MESSAGE = /^gen_ai\.(system|user|assistant|tool)\.message$/;
const CHOICE = "gen_ai.choice";

type Members = Readonly<Record<string, unknown>>;

const detailFields: Readonly<
  Record<string, keyof Pick<NormalizedSpan, "inlineInput" | "inlineOutput" | "inlineSystem">>
> = {
  "gen_ai.input.messages": "inlineInput",
  "gen_ai.output.messages": "inlineOutput",
  "gen_ai.system_instructions": "inlineSystem",
};

/** Takes the content that stands in the events of a span, where its attributes have none. The events stay as they are. */
export function readEventContent(reading: Reading): void {
  const { span, batch } = reading;
  const told = new ToldContent(reading);
  const { eventsFrom, eventsTo } = batch.spans;
  for (let event = eventsFrom[span.index]!; event < eventsTo[span.index]!; event++) {
    const name = batch.eventName(event);
    if (name === DETAILS) readDetails(reading, event);
    else if (name === CHOICE) told.choice(event);
    else told.message(MESSAGE.exec(name)?.[1], event);
  }
  told.settle();
}

function readDetails(reading: Reading, event: number): void {
  const { batch, span } = reading;
  const { attributesFrom, attributesTo } = batch.events;
  for (let row = attributesFrom[event]!; row < attributesTo[event]!; row++) {
    const field = detailFields[batch.key(row)];
    if (field !== undefined && span[field].length === 0) reading.content(row, span[field]);
  }
}

/** What the events of the conventions up to 1.36 tell: one for each message, and one for each choice of the model. */
class ToldContent {
  readonly #reading: Reading;
  readonly #messages: object[] = [];
  readonly #system: unknown[] = [];
  readonly #choices: object[] = [];

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  message(role: string | undefined, event: number): void {
    if (role === undefined) return;
    const { span } = this.#reading;
    const row = this.#row(event, "content");
    if (row === undefined) return;
    if (span.kind === "tool") this.#take(row, span.inlineInput);
    else if (role === "system") this.#system.push(...partsOf(this.#reading.text(row)));
    else this.#messages.push({ role, parts: partsOf(this.#reading.text(row)) });
  }

  choice(event: number): void {
    const { span } = this.#reading;
    const reason = this.#row(event, "finish_reason");
    if (reason !== undefined && span.finishReason === "") span.finishReason = this.#reading.text(reason);
    const row = this.#row(event, "message") ?? this.#row(event, "content");
    if (row === undefined) return;
    if (span.kind === "tool") this.#take(row, span.inlineOutput);
    else this.#choices.push({ role: "assistant", parts: partsOf(this.#reading.text(row)) });
  }

  settle(): void {
    const { span } = this.#reading;
    this.#put(this.#messages, span.inlineInput);
    this.#put(this.#choices, span.inlineOutput);
    this.#put(this.#system, span.inlineSystem);
  }

  #row(event: number, key: string): number | undefined {
    const { batch } = this.#reading;
    const { attributesFrom, attributesTo } = batch.events;
    for (let row = attributesFrom[event]!; row < attributesTo[event]!; row++) if (batch.key(row) === key) return row;
    return undefined;
  }

  #take(row: number, into: ByteSlice): void {
    if (into.length === 0) this.#reading.content(row, into);
  }

  #put(value: readonly unknown[], into: ByteSlice): void {
    if (value.length > 0 && into.length === 0) this.#reading.json(value, into);
  }
}

/** A text, or the blocks that Strands has of Bedrock, as parts of the conventions. */
function partsOf(content: string): unknown[] {
  if (content.startsWith("[")) {
    try {
      return (JSON.parse(content) as unknown[]).map(partOf);
    } catch {
      // It was cut, or is a text.
    }
  }
  return [{ type: "text", content }];
}

function partOf(block: unknown): unknown {
  if (!isObject(block)) return { type: "text", content: typeof block === "string" ? block : JSON.stringify(block) };
  const { text, toolUse, toolResult, reasoningContent } = block;
  if (typeof text === "string") return { type: "text", content: text };
  if (isObject(toolUse)) {
    return { type: "tool_call", id: toolUse["toolUseId"], name: toolUse["name"], arguments: toolUse["input"] };
  }
  if (isObject(toolResult)) {
    return { type: "tool_call_response", id: toolResult["toolUseId"], response: toolResult["content"] };
  }
  const reasoning = isObject(reasoningContent) ? reasoningContent["reasoningText"] : undefined;
  return isObject(reasoning) ? { type: "reasoning", content: reasoning["text"] } : block;
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
