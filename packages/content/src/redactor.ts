/** Takes secrets out of what is written. It must give equal results for equal input, and leave its own results as they are. */
export interface ContentRedactor {
  /** The text without secrets; `key` is the name under which it stands. */
  text(value: string, key?: string): string;
  /** Whether what stands under this name goes away whole, whatever it is. */
  hidesKey(key: string): boolean;
  /** What stands in its place. */
  hidden(): string;
}

/** Bytes without secrets: they may be a text that somebody has read from a file. The very same bytes when there are none. */
export function redactedBytes(value: Uint8Array, redactor: ContentRedactor): Uint8Array {
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("latin1");
  const redacted = redactor.text(text);
  return redacted === text ? value : Buffer.from(redacted, "latin1");
}
