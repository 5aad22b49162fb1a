import type { Usage } from "@runreel/sdk/adapter";

/** LangChain's own count, on the message. Its totals already include cached and reasoning tokens. */
interface UsageMetadata {
  input_tokens?: number;
  output_tokens?: number;
  input_token_details?: { cache_read?: number; cache_creation?: number };
  output_token_details?: { reasoning?: number };
}

/** What older integrations leave beside the message. */
interface LlmOutput {
  tokenUsage?: TokenUsage;
  estimatedTokenUsage?: TokenUsage;
  usage?: TokenUsage & UsageMetadata & { prompt_tokens?: number; completion_tokens?: number };
}

interface TokenUsage {
  promptTokens?: number;
  completionTokens?: number;
}

/** Tokens of an answer: what the message says, else what the provider's output says. Numbers that nobody reported stay absent. */
export function usageOf(message: unknown, llmOutput?: unknown): Usage | undefined {
  const metadata = (message as { usage_metadata?: UsageMetadata } | undefined)?.usage_metadata;
  if (metadata !== undefined && metadata !== null) return fromMetadata(metadata);
  const given = (llmOutput ?? (message as { response_metadata?: unknown } | undefined)?.response_metadata) as
    | LlmOutput
    | undefined;
  const { tokenUsage, usage, estimatedTokenUsage } = given ?? {};
  const counts = [tokenUsage, usage, estimatedTokenUsage].find((one) => isCounted(one)) as LlmOutput["usage"];
  if (counts === undefined) return undefined;
  return reported({
    ...fromMetadata(counts),
    inputTokens: counts.promptTokens ?? counts.prompt_tokens ?? counts.input_tokens,
    outputTokens: counts.completionTokens ?? counts.completion_tokens ?? counts.output_tokens,
  });
}

const isCounted = (counts: object | undefined): boolean =>
  counts !== undefined && counts !== null && Object.values(counts).some((count) => typeof count === "number");

const fromMetadata = (metadata: UsageMetadata): Usage =>
  reported({
    inputTokens: metadata.input_tokens,
    cacheReadTokens: metadata.input_token_details?.cache_read,
    cacheWriteTokens: metadata.input_token_details?.cache_creation,
    outputTokens: metadata.output_tokens,
    reasoningTokens: metadata.output_token_details?.reasoning,
  });

const reported = (
  usage: Record<keyof Usage, number | undefined> | Partial<Record<keyof Usage, number | undefined>>,
): Usage => Object.fromEntries(Object.entries(usage).filter((entry) => typeof entry[1] === "number"));
