import type { SpanKey } from "../model/span-key.ts";

/** How far up an agent is looked for. Deeper trees than this are cycles or mistakes. */
const ANCESTORS_MAX = 64;

interface Kin {
  low: number;
  high: number;
  parent: SpanKey | undefined;
  agent: string;
  agentVersion: string;
}

const UNKNOWN = { agent: "", agentVersion: "" };

/**
 * Who descends from whom within a block, so that a span that names no agent goes to the agent it ran under.
 *
 * Only within a block: what a block becomes must not depend on blocks before it.
 */
export class AgentLineage {
  readonly #spans = new Map<number, Kin>();

  /** Tells of a span that other spans may have as their ancestor. */
  add(key: SpanKey, parent: SpanKey | undefined, agent: string, agentVersion: string): void {
    this.#spans.set(mapKey(key), {
      low: key.low,
      high: key.high,
      parent: parent === undefined ? undefined : { low: parent.low, high: parent.high },
      agent,
      agentVersion,
    });
  }

  /** The agent of the nearest ancestor that has one. */
  agentAbove(parent: SpanKey): { agent: string; agentVersion: string } {
    let at: SpanKey | undefined = parent;
    for (let step = 0; step < ANCESTORS_MAX && at !== undefined; step++) {
      const kin: Kin | undefined = this.#spans.get(mapKey(at));
      if (kin === undefined || kin.low !== at.low || kin.high !== at.high) return UNKNOWN;
      if (kin.agent !== "") return kin;
      at = kin.parent;
    }
    return UNKNOWN;
  }

  clear(): void {
    this.#spans.clear();
  }
}

/** 53 mixed bits of the 64; the entry has them all, and one in 2^53 falls on another's place. */
function mapKey(key: SpanKey): number {
  return (Math.imul(key.high, 0x9e3779b1) >>> 11) * 4294967296 + key.low;
}
