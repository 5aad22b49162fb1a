import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { GEN_AI_OPERATION_NAME, GEN_AI_USAGE_INPUT_TOKENS, GEN_AI_USAGE_OUTPUT_TOKENS } from "@runreel/semconv";

/** Whether a span can be spared: no root, no agent that others hang from, and no usage that would be missing in a bill. */
export function isLeaf(span: ReadableSpan): boolean {
  if (isRoot(span)) return false;
  const { attributes } = span;
  if (attributes[GEN_AI_OPERATION_NAME] === "invoke_agent") return false;
  return attributes[GEN_AI_USAGE_INPUT_TOKENS] === undefined && attributes[GEN_AI_USAGE_OUTPUT_TOKENS] === undefined;
}

/** Whether a span is the topmost of its run in this process. */
export function isRoot({ parentSpanContext }: ReadableSpan): boolean {
  return parentSpanContext === undefined || parentSpanContext.isRemote === true;
}
