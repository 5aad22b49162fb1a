import type { BackwardWriter } from "./backward-writer.ts";

/** Ends a field that was begun, backwards, when the writer's length was `end`: its length and its tag. */
export function lengthDelimited(writer: BackwardWriter, tag: number, end: number): void {
  writer.varint(writer.length - end);
  writer.varint(tag);
}
