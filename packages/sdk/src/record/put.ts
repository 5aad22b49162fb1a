import type { Attributes } from "@opentelemetry/api";

/** Characters after which a text is cut. Content goes another way; what is longer than this was never meant as an attribute. */
const VALUE_MAX_LENGTH = 512 * 1024;

/**
 * Sets an attribute. Leaves out what is undefined, null, which hosts like to report, and what no attribute can hold.
 *
 * Spans of our own provider are written to in place. OpenTelemetry's `setAttributes` copies all of them twice and makes a `WeakSet` for
 * each value to look for cycles in it; values that come through here can have none. Its limit on their count does not apply.
 */
export function put(into: Attributes, key: string, value: unknown): void {
  const kept = attributeValue(value);
  if (kept !== undefined) into[key] = kept;
}

/** The same for whatever a caller names. */
export function putAll(into: Attributes, attributes: Readonly<Record<string, unknown>> | undefined): void {
  for (const key in attributes) put(into, key, attributes[key]);
}

function attributeValue(value: unknown): Attributes[string] {
  switch (typeof value) {
    case "string":
      return value.length > VALUE_MAX_LENGTH ? cut(value) : value;
    case "number":
    case "boolean":
      return value;
    default:
      return Array.isArray(value) ? value.filter((one) => typeof one === "string") : undefined;
  }
}

function cut(text: string): string {
  return `${text.slice(0, VALUE_MAX_LENGTH)} [runreel: cut, ${VALUE_MAX_LENGTH} of ${text.length} characters kept]`;
}
