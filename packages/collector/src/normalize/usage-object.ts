import { UNREPORTED } from "../model/normalized-span.ts";
import { type AttributeReader, type Reading, isCount } from "./reading.ts";

/** Usage as totals with their parts; UNREPORTED where nothing is said. */
interface Usage {
  input: number;
  cacheRead: number;
  cacheWrite: number;
  output: number;
  reasoning: number;
}

type Tree = Readonly<Record<string, unknown>>;

/** An attribute that holds all of a call's usage as JSON text. It fills what no key of its own reports. */
export const usageObject: AttributeReader = (reading, attribute) => {
  const usage = readUsage(reading.text(attribute));
  if (usage !== undefined) fill(reading, usage);
  return false;
};

/** Reads the usage that providers and frameworks report; undefined for what is none. The words inside say whether the input includes the cache. */
function readUsage(json: string): Usage | undefined {
  let tree: unknown;
  try {
    tree = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!isTree(tree)) return undefined;
  return isCount(tree["input"]) || isCount(tree["output"]) ? apart(tree) : inclusive(tree);
}

/** Langfuse's own words: every number beside the others, `total` over them. */
function apart(tree: Tree): Usage {
  const cacheRead = first(tree, "input_cache_read", "input_cached_tokens", "cache_read_input_tokens");
  const cacheWrite = first(tree, "input_cache_creation", "input_cache_write", "cache_creation_input_tokens");
  const reasoning = first(tree, "output_reasoning", "output_reasoning_tokens");
  const input = sum(tree, /^input|^cache_/);
  const output = sum(tree, /^output/);
  const isIncluded = tree["total"] === count(tree["input"]) + count(tree["output"]) && tree["total"] !== input + output;
  if (!isIncluded) return { input, cacheRead, cacheWrite, output, reasoning };
  return { input: count(tree["input"]), cacheRead, cacheWrite, output: count(tree["output"]), reasoning };
}

/** The words of OpenAI, Anthropic and LangChain. Anthropic's own numbers lie apart; who adds a total tells by it. */
function inclusive(tree: Tree): Usage | undefined {
  const input = first(tree, "prompt_tokens", "input_tokens");
  const output = first(tree, "completion_tokens", "output_tokens");
  if (input === UNREPORTED && output === UNREPORTED) return undefined;
  const inputDetails = part(tree, "prompt_tokens_details", "input_tokens_details", "input_token_details");
  const outputDetails = part(tree, "completion_tokens_details", "output_tokens_details", "output_token_details");
  const flatRead = first(tree, "cache_read_input_tokens");
  const flatWrite = first(tree, "cache_creation_input_tokens");
  const cacheRead = flatRead === UNREPORTED ? first(inputDetails, "cached_tokens", "cache_read") : flatRead;
  const cacheWrite = flatWrite === UNREPORTED ? first(inputDetails, "cache_creation", "cache_write") : flatWrite;
  const cached = Math.max(0, flatRead) + Math.max(0, flatWrite);
  const total = first(tree, "total_tokens", "total");
  const isApart = total === UNREPORTED ? true : total === input + cached + Math.max(0, output);
  return {
    input: isApart && input !== UNREPORTED ? input + cached : input,
    cacheRead,
    cacheWrite,
    output,
    reasoning: first(outputDetails, "reasoning_tokens", "reasoning"),
  };
}

function fill(reading: Reading, usage: Usage): void {
  const { span } = reading;
  if (reading.inputTotal === UNREPORTED) reading.inputTotal = usage.input;
  if (reading.outputTotal === UNREPORTED) reading.outputTotal = usage.output;
  if (span.cacheReadTokens === UNREPORTED) span.cacheReadTokens = usage.cacheRead;
  if (span.cacheWriteTokens === UNREPORTED) span.cacheWriteTokens = usage.cacheWrite;
  if (span.reasoningTokens === UNREPORTED) span.reasoningTokens = usage.reasoning;
}

function first(tree: Tree, ...keys: string[]): number {
  for (const key of keys) {
    const value = tree[key];
    if (isCount(value)) return value;
  }
  return UNREPORTED;
}

const count = (value: unknown): number => (isCount(value) ? value : 0);

function sum(tree: Tree, keys: RegExp): number {
  const counts = Object.entries(tree).filter(([key, value]) => keys.test(key) && isCount(value));
  return counts.length === 0 ? UNREPORTED : counts.reduce((all, [, value]) => all + count(value), 0);
}

function part(tree: Tree, ...keys: string[]): Tree {
  return keys.map((key) => tree[key]).find(isTree) ?? {};
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
