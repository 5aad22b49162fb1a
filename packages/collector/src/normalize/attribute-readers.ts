import { UNREPORTED } from "../model/normalized-span.ts";
import type { AttributeReader, NamedKind } from "./reading.ts";

// What tables of dialects are made of. A key that is the only one for its column is taken into it, and needs no place among the attributes.
// A key that stands beside another one for the same (`other…`) fills the column where it is empty, and stays.

type TextField =
  | "agent"
  | "agentVersion"
  | "conversationId"
  | "finishReason"
  | "provider"
  | "requestModel"
  | "tool"
  | "toolCallId";

export const text =
  (field: TextField): AttributeReader =>
  (reading, attribute) => {
    reading.span[field] = reading.text(attribute);
    return true;
  };

export const otherText =
  (field: TextField): AttributeReader =>
  (reading, attribute) => {
    if (reading.span[field] === "") reading.span[field] = reading.plainText(attribute);
    return false;
  };

/** A model that is not known to be asked for or to have answered. */
export const someModel: AttributeReader = (reading, attribute) => {
  if (reading.span.requestModel === "") reading.span.requestModel = reading.plainText(attribute);
  return false;
};

/** The model that answered. */
export const otherResponseModel: AttributeReader = (reading, attribute) => {
  if (reading.responseModel === "") reading.responseModel = reading.plainText(attribute);
  return false;
};

type InlineField = "inlineInput" | "inlineOutput" | "inlineSystem" | "inlineTools";

export const content =
  (field: InlineField): AttributeReader =>
  (reading, attribute) => {
    reading.content(attribute, reading.span[field]);
    return true;
  };

export const otherInput: AttributeReader = (reading, attribute) => reading.otherInput(attribute);
export const otherOutput: AttributeReader = (reading, attribute) => reading.otherOutput(attribute);

/** What only an answer has: the span is a call. */
export const answer: AttributeReader = (reading) => {
  reading.hasAnswer = true;
  return false;
};

export const answeredOutput: AttributeReader = (reading, attribute) => {
  reading.hasAnswer = true;
  return reading.otherOutput(attribute);
};

type CountField = "cacheReadTokens" | "cacheWriteTokens" | "reasoningTokens";
type TotalField = "inputTotal" | "outputTotal";

/** Where these counts end, as columns or as attributes, is decided when the kind of the span is known. */
export const count =
  (field: CountField): AttributeReader =>
  (reading, attribute) => {
    const value = reading.count(attribute);
    if (value === UNREPORTED) return false;
    reading.span[field] = value;
    return true;
  };

/** Counts that include their parts. */
export const total =
  (field: TotalField): AttributeReader =>
  (reading, attribute) => {
    const value = reading.count(attribute);
    if (value === UNREPORTED) return false;
    reading[field] = value;
    return true;
  };

export const otherCount =
  (field: CountField): AttributeReader =>
  (reading, attribute) => {
    if (reading.span[field] === UNREPORTED) reading.span[field] = reading.peekCount(attribute);
    return false;
  };

export const otherTotal =
  (field: TotalField): AttributeReader =>
  (reading, attribute) => {
    if (reading[field] === UNREPORTED) reading[field] = reading.peekCount(attribute);
    return false;
  };

/** Input and output in one number, which tells whether the input includes what was cached. */
export const sumOfTokens: AttributeReader = (reading, attribute) => {
  reading.sumOfTokens = reading.peekCount(attribute);
  return false;
};

/** What kind of span it is, by the dialect's words for it, in lower case. */
export const kind =
  (kinds: Readonly<Record<string, NamedKind>>): AttributeReader =>
  (reading, attribute) => {
    const word = reading.plainText(attribute).toLowerCase();
    if (Object.hasOwn(kinds, word)) reading.namedKind = kinds[word]!;
    return false;
  };

/** What the span is about: a tool, an agent or a workflow, by its kind. */
export const entity: AttributeReader = (reading, attribute) => {
  reading.entity = reading.plainText(attribute);
  return false;
};

/** A failure that the status of the span need not tell. */
export const failedIf =
  (word: string): AttributeReader =>
  (reading, attribute) => {
    if (reading.text(attribute).toLowerCase() === word) reading.hasFailed = true;
    return false;
  };
