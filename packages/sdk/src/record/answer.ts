import { isFields, toMessage } from "./messages.ts";
import type { Outcome, Usage } from "./outcome.ts";

/**
 * Reads the answer of a model: OpenAI's chat completions and responses, and Anthropic's messages. Any other is recorded as it is.
 *
 * The provider's own object is kept as well, for a replay to hand back.
 */
export function answerOutcome(answer: unknown): Outcome {
  if (!isFields(answer)) return { output: answer };
  if (Array.isArray(answer["choices"])) return openAiOutcome(answer);
  if (answer["object"] === "response" && Array.isArray(answer["output"])) return responseOutcome(answer);
  if (answer["type"] === "message" && Array.isArray(answer["content"])) return anthropicOutcome(answer);
  return { output: answer };
}

type Fields = Readonly<Record<string, unknown>>;

function openAiOutcome(answer: Fields): Outcome {
  const choices = (answer["choices"] as unknown[]).filter(isFields);
  const usage = isFields(answer["usage"]) ? answer["usage"] : {};
  return {
    output: toMessage(choices[0]?.["message"] ?? answer),
    raw: answer,
    usage: usageOf({
      inputTokens: usage["prompt_tokens"],
      cacheReadTokens: fieldOf(usage["prompt_tokens_details"], "cached_tokens"),
      cacheWriteTokens: fieldOf(usage["prompt_tokens_details"], "cache_write_tokens"),
      outputTokens: usage["completion_tokens"],
      reasoningTokens: fieldOf(usage["completion_tokens_details"], "reasoning_tokens"),
    }),
    ...identity(answer),
    finishReasons: choices.map((choice) => choice["finish_reason"]).filter(isText),
  };
}

/** OpenAI's responses: items instead of one message. */
function responseOutcome(answer: Fields): Outcome {
  const usage = isFields(answer["usage"]) ? answer["usage"] : {};
  const parts = (answer["output"] as unknown[])
    .map(toMessage)
    .flatMap((item) => (isMessage(item) ? item.parts : [item]));
  return {
    output: { role: "assistant", parts },
    raw: answer,
    usage: usageOf({
      inputTokens: usage["input_tokens"],
      cacheReadTokens: fieldOf(usage["input_tokens_details"], "cached_tokens"),
      cacheWriteTokens: fieldOf(usage["input_tokens_details"], "cache_write_tokens"),
      outputTokens: usage["output_tokens"],
      reasoningTokens: fieldOf(usage["output_tokens_details"], "reasoning_tokens"),
    }),
    ...identity(answer),
    finishReasons: [fieldOf(answer["incomplete_details"], "reason") ?? answer["status"]].filter(isText),
  };
}

function isMessage(value: unknown): value is { parts: unknown[] } {
  return isFields(value) && Array.isArray(value["parts"]);
}

function anthropicOutcome(answer: Fields): Outcome {
  const usage = isFields(answer["usage"]) ? answer["usage"] : {};
  const cacheReadTokens = usage["cache_read_input_tokens"];
  const cacheWriteTokens = usage["cache_creation_input_tokens"];
  const fresh = usage["input_tokens"];
  return {
    output: toMessage({ role: "assistant", content: answer["content"] }),
    raw: answer,
    usage: usageOf({
      // Anthropic counts what was cached apart; the conventions count it in.
      inputTokens: isCount(fresh) ? fresh + countOr0(cacheReadTokens) + countOr0(cacheWriteTokens) : undefined,
      cacheReadTokens,
      cacheWriteTokens,
      outputTokens: usage["output_tokens"],
      reasoningTokens: fieldOf(usage["output_tokens_details"], "thinking_tokens"),
    }),
    ...identity(answer),
    finishReasons: [answer["stop_reason"]].filter(isText),
  };
}

function identity({ id, model }: Fields): Pick<Outcome, "responseId" | "responseModel"> {
  return { ...(isText(id) ? { responseId: id } : {}), ...(isText(model) ? { responseModel: model } : {}) };
}

/** Only what was reported as a count. */
function usageOf(reported: Record<keyof Usage, unknown> | Partial<Record<keyof Usage, unknown>>): Usage {
  return Object.fromEntries(Object.entries(reported).filter(([, count]) => isCount(count))) as Usage;
}

function fieldOf(value: unknown, key: string): unknown {
  return isFields(value) ? value[key] : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function countOr0(value: unknown): number {
  return isCount(value) ? value : 0;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
