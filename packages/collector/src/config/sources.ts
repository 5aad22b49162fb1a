import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { ConfigKey } from "./config-keys.ts";

/** A tree of settings as someone wrote it, before the schema has seen it. */
export type RawConfig = Record<string, unknown>;

export type FileResult = { ok: true; raw: RawConfig } | { ok: false; found: string; expected: string };

/** Reads the configuration file. An empty file is an empty configuration. */
export function readConfigFile(file: string): FileResult {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return { ok: false, found: reason(error), expected: "a YAML file that can be read" };
  }
  try {
    const raw: unknown = parse(text) ?? {};
    if (isTree(raw)) return { ok: true, raw };
    return { ok: false, found: Array.isArray(raw) ? "a list" : typeof raw, expected: "settings as `key: value`" };
  } catch (error) {
    return { ok: false, found: reason(error), expected: "YAML" };
  }
}

/** What the environment sets. Numbers and lists are written as in YAML; an empty variable counts as not set. */
export function readEnvironment(keys: ConfigKey[], environment: Record<string, string | undefined>): RawConfig {
  const raw: RawConfig = {};
  for (const key of keys) {
    const text = environment[key.environment];
    if (text !== undefined && text !== "") place(raw, key.path, value(key, text));
  }
  return raw;
}

/** Lays `over` on `under`, key by key; a list replaces a list. */
export function merge(under: RawConfig, over: RawConfig): RawConfig {
  const merged: RawConfig = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    if (value !== undefined) merged[key] = isTree(below) && isTree(value) ? merge(below, value) : value;
  }
  return merged;
}

function value(key: ConfigKey, text: string): unknown {
  if (key.kind === "number") return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (key.kind === "text") return text;
  try {
    const list: unknown = parse(text.trim().startsWith("[") ? text : `[${text}]`);
    return list;
  } catch {
    return text;
  }
}

function place(raw: RawConfig, path: string[], leaf: unknown): void {
  const [head, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) {
    raw[head] = leaf;
    return;
  }
  const below = raw[head];
  const child = isTree(below) ? below : {};
  raw[head] = child;
  place(child, rest, leaf);
}

function isTree(value: unknown): value is RawConfig {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message.split("\n", 1)[0]! : String(error);
}
