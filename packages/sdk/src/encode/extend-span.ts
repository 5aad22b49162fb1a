import type { Attributes } from "@opentelemetry/api";

import type { AttributeEncoder } from "./attribute-encoder.ts";
import type { BackwardWriter } from "./backward-writer.ts";
import { lengthDelimited } from "./length-delimited.ts";
import { ATTRIBUTES, SPANS } from "./tags.ts";

/** Writes a span that is encoded already, with attributes that it does not have yet. */
export function extendSpan(
  writer: BackwardWriter,
  span: Uint8Array,
  added: Attributes,
  attributes: AttributeEncoder,
): void {
  const end = writer.length;
  attributes.write(writer, ATTRIBUTES, added);
  writer.bytes(span.subarray(bodyAt(span)));
  lengthDelimited(writer, SPANS, end);
}

/** Where what follows tag and length begins. */
function bodyAt(span: Uint8Array): number {
  let at = 1;
  while (span[at]! >= 0x80) at += 1;
  return at + 1;
}
