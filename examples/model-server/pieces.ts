/** How an answer comes when it is streamed. */
export const MILLISECONDS_PER_CHUNK = 8;

export const pieces = (text: string): string[] => text.match(/[\s\S]{1,32}/g) ?? [];

/** About as many as a tokenizer would make of it. */
export const tokens = (value: unknown): number => Math.ceil(JSON.stringify(value).length / 4);
