import { readPattern } from "./pattern-syntax.ts";
import type { Node } from "./pattern-syntax.ts";

/** How many steps an expression may take from one place of a text. */
const MOST_STEPS = 10_000;
/** What a repetition without bound counts: a text is shown in pieces of that length. */
const UNBOUNDED = 1024;

/**
 * Why an expression could run for very long, in words for its author; `undefined` when it cannot.
 *
 * An engine that backtracks takes exponential time only where a repetition holds what can itself match in several ways; such repetitions are
 * refused. What is left takes a number of steps that can be counted. This refuses some expressions that would do no harm; it lets none pass that would.
 */
export function whyUnsafe(pattern: RegExp): string | undefined {
  if (pattern.flags.includes("v")) return "the flag v is not looked through here, use u";
  try {
    const { steps } = new StepCounter(pattern.flags.replaceAll(/[gyd]/g, "")).count(readPattern(pattern), []);
    return steps > MOST_STEPS
      ? "its repetitions can share the same characters in too many ways; use sets that exclude what follows, as in [^,]*, or bounds, as in {1,20}"
      : undefined;
  } catch (error) {
    if (error instanceof UnsafeError) return error.message;
    throw error;
  }
}

class UnsafeError extends Error {}

/** What matching from one place can cost: the ways that are tried in turn, and the steps of all of them. */
interface Cost {
  ways: number;
  steps: number;
}

class StepCounter {
  readonly #flags: string;

  constructor(flags: string) {
    this.#flags = flags;
  }

  /** What a node costs when `follow` comes behind it. */
  count(node: Node, follow: readonly Node[]): Cost {
    if (node.type === "backreference") throw new UnsafeError("it refers back to a group");
    if (node.type === "look") return this.count(node.body, [end]);
    if (node.type === "repeat") return this.#countRepeat(node, follow);
    if (node.type === "choice") {
      const costs = node.items.map((item) => this.count(item, follow));
      return { ways: sum(costs.map(({ ways }) => ways)), steps: sum(costs.map(({ steps }) => steps)) };
    }
    let cost: Cost = { ways: 1, steps: 1 };
    if (node.type === "sequence") {
      for (const [index, item] of node.items.entries()) {
        const { ways, steps } = this.count(item, [...node.items.slice(index + 1), ...follow]);
        // Each way of what stands before is followed by all steps of this.
        cost = { ways: cost.ways * ways, steps: cost.steps + cost.ways * steps };
      }
    }
    return cost;
  }

  #countRepeat({ body, min, max }: Extract<Node, { type: "repeat" }>, follow: readonly Node[]): Cost {
    const most = Math.min(max, UNBOUNDED);
    if (most === 0) return { ways: 1, steps: 1 };
    const own = this.count(body, max > 1 ? [body, ...follow] : follow);
    if (own.ways > 1 && max > 16) {
      throw new UnsafeError(
        "a repeated group holds alternatives or a repetition, and may match the same text in several ways",
      );
    }
    // Repeated, or left off: behind it comes what it cannot take, or else each length is one more way.
    const isExact = max === min || follow.length === 0 || !this.#canBegin(follow, this.#firstOf(body));
    const lengths = isExact ? 1 : most - Math.min(min, UNBOUNDED) + 1;
    // What matches in one way only goes through the text once, however often it repeats.
    if (own.ways === 1) return { ways: lengths, steps: Math.min(most * own.steps, 2 * UNBOUNDED) };
    const ways = own.ways ** max;
    return { ways: ways * lengths, steps: ways * own.steps };
  }

  /** The sets that a node can begin with. */
  #firstOf(node: Node): string[] {
    if (node.type === "set") return [node.source];
    if (node.type === "choice") return node.items.flatMap((item) => this.#firstOf(item));
    if (node.type === "repeat") return this.#firstOf(node.body);
    if (node.type !== "sequence") return ["[^]"];
    const first: string[] = [];
    for (const item of node.items) {
      if (item.type === "assertion" || item.type === "look") continue;
      first.push(...this.#firstOf(item));
      if (item.type !== "repeat" || item.min > 0) return first;
    }
    return ["[^]"];
  }

  /** Whether what follows can begin with a character of these sets, or without one. */
  #canBegin(follow: readonly Node[], sets: readonly string[]): boolean {
    for (const node of follow) {
      if (node.type === "assertion" || node.type === "look") return true;
      if (overlap(this.#firstOf(node), sets, this.#flags)) return true;
      if (node.type === "set" || (node.type === "repeat" && node.min > 0)) return false;
      // What is left off lets the next one begin; groups that may be empty count as such.
      if (node.type === "choice" || node.type === "sequence") {
        if (!canBeEmpty(node)) return false;
      }
    }
    return false;
  }
}

/** Stands for what may come behind and fail. */
const end: Node = { type: "assertion" };

function canBeEmpty(node: Node): boolean {
  if (node.type === "sequence") return node.items.every(canBeEmpty);
  if (node.type === "choice") return node.items.some(canBeEmpty);
  if (node.type === "repeat") return node.min === 0 || canBeEmpty(node.body);
  return node.type !== "set";
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** ASCII and what stands for the rest: letters with and without marks, digits, spaces and signs of other scripts, both planes. */
const sample: readonly string[] = [
  ...Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)),
  // Signs beyond the first plane are two units without the flag u, and one with it.
  ..."ŁłſKſΩωЖжאبअ漢かア한٣\u2028\u2003\u200B\uFEFF–“”€№™①─█\uE000\uFFFD\uD83D\uDE00".split(""),
  "😀",
  "𝒳",
  "𠮷",
];

function overlap(some: readonly string[], others: readonly string[], flags: string): boolean {
  const [a, b] = [some, others].map((sets) => new RegExp(`^(?:${sets.join("|")})$`, flags));
  return sample.some((character) => a!.test(character) && b!.test(character));
}
