import { splitMessages, toParts } from "./messages.ts";
import { nameText } from "./name-text.ts";
import type { InferenceRequest } from "./recorder.ts";

/** A model request: the very object that the client of OpenAI (chat completions, responses) or Anthropic takes, or these members of it. */
export interface ModelRequest {
  model: string;
  /** `openai`, `anthropic`, … as the GenAI conventions spell it. Give it in the options where the request goes to the client as it is. */
  provider?: string;
  /** In the form of the OpenAI or Anthropic API or of the GenAI conventions. System messages are told apart. */
  messages?: readonly unknown[];
  /** The same in the responses API: a text or a list of items. */
  input?: unknown;
  /** System instructions, where the API has them apart; `instructions` in the responses API. */
  system?: unknown;
  instructions?: unknown;
  /** Definitions of the tools offered. */
  tools?: readonly unknown[] | null | undefined;
  /** Parameters under names of their own; what stands in the request as the APIs name it is read from there. */
  parameters?: InferenceRequest["parameters"];
}

export interface InferenceOptions {
  /** `openai`, `anthropic`, … as the GenAI conventions spell it. */
  provider?: string;
}

/** What is recorded of a request; where its parts cannot be read, the request as it is. Never throws. */
export function describeRequest(given: ModelRequest, options: InferenceOptions): InferenceRequest {
  try {
    const { messages, system } = splitMessages(given.messages ?? asMessages(given.input));
    const instructions = [...toParts(given.system ?? given.instructions), ...system];
    const { tools } = given;
    const provider = providerOf(options) ?? given.provider;
    const parameters = parametersOf(given as ModelRequest & Readonly<Record<string, unknown>>);
    return {
      model: nameText(given.model),
      messages,
      ...(instructions.length === 0 ? {} : { system: instructions }),
      ...(provider === undefined ? {} : { provider }),
      ...(tools === undefined || tools === null ? {} : { tools }),
      ...(parameters === undefined ? {} : { parameters }),
    };
  } catch {
    return { model: modelOf(given), messages: [given] };
  }
}

function asMessages(input: unknown): unknown {
  return typeof input === "string" ? [{ role: "user", content: input }] : input;
}

/** As far as they are numbers and flags; the APIs allow null for what is not set. */
function parametersOf(given: ModelRequest & Readonly<Record<string, unknown>>): InferenceRequest["parameters"] {
  if (given.parameters !== undefined && given.parameters !== null) return given.parameters;
  const number = (...names: string[]): number | undefined =>
    names.map((name) => given[name]).find((value): value is number => typeof value === "number");
  const maxTokens = number("max_tokens", "max_completion_tokens", "max_output_tokens");
  const temperature = number("temperature");
  const topP = number("top_p");
  const stream = typeof given["stream"] === "boolean" ? given["stream"] : undefined;
  if (maxTokens === undefined && temperature === undefined && topP === undefined && stream === undefined)
    return undefined;
  return {
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(stream === undefined ? {} : { stream }),
  };
}

function providerOf(options: InferenceOptions | null | undefined): string | undefined {
  return options?.provider;
}

function modelOf(given: ModelRequest): string {
  try {
    return nameText(given.model);
  } catch {
    return "unreadable";
  }
}
