import type { Attributes, Span } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";

/**
 * Puts attributes on a span of our own provider.
 *
 * Not by `setAttributes`: OpenTelemetry copies them twice and makes a `WeakSet` for each value to look for cycles in it. Values come from
 * `present` or are names of content, so there is nothing to look for; OpenTelemetry's limit on their count does not apply.
 */
export function writeAttributes(span: Span, attributes: Attributes): void {
  Object.assign((span as Span & ReadableSpan).attributes, attributes);
}
