import { harmless, oneLine } from "./text.ts";

/** A value as people write one: bare text, otherwise JSON. */
export function inWords(value: unknown): string {
  if (typeof value === "string") return value;
  return JSON.stringify(value) ?? "";
}

/** A value over several lines: text as it is, JSON indented. */
export function inLines(value: unknown): string {
  return harmless(typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? ""));
}

/** Arguments on one line: `query="tickets" limit=3`. */
export function argumentsInLine(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object" || Array.isArray(value)) return oneLine(JSON.stringify(value));
  return Object.entries(value)
    .map(([name, member]) => `${oneLine(name)}=${oneLine(JSON.stringify(member) ?? "undefined")}`)
    .join(" ");
}
