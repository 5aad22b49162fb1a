import { secondsOf } from "../model/nanoseconds.ts";
import type { NormalizedSpan } from "../model/normalized-span.ts";
import type { UsageRow } from "../model/rollup-rows.ts";
import { type Summed, addToSums, emptySums } from "./sums.ts";

/** What of a span its usage depends on; keeps after the span itself is gone. */
export interface UsageEntry extends Summed {
  project: string;
  minute: number;
  agent: string;
  agentVersion: string;
  provider: string;
  model: string;
  tool: string;
  isRoot: boolean;
  durationNs: number;
}

/** Takes out of a span what its usage depends on. Models and tools are keys only where they were used. */
export function usageOf(project: string, span: NormalizedSpan): UsageEntry {
  const isInference = span.kind === "inference" || span.kind === "embedding";
  const seconds = secondsOf(span.startLow, span.startHigh);
  return {
    project,
    minute: seconds - (seconds % 60),
    agent: span.agent,
    agentVersion: span.agentVersion,
    kind: span.kind,
    stepKind: span.stepKind,
    provider: isInference ? span.provider : "",
    model: isInference ? span.model : "",
    tool: span.kind === "tool" ? span.tool : "",
    status: span.status,
    isRoot: span.parentAt === 0,
    isSpent: span.isSpent,
    served: span.served,
    durationNs: span.durationNs,
    inputTokens: span.inputTokens,
    cacheReadTokens: span.cacheReadTokens,
    cacheWriteTokens: span.cacheWriteTokens,
    outputTokens: span.outputTokens,
    reasoningTokens: span.reasoningTokens,
    costPicodollars: span.costPicodollars,
  };
}

/** Places of the cache in front of the rows. A block has few combinations of keys at a time. */
const CACHE_SLOTS = 1024;

/** Sums by minute and keys. A late span adds to the minute in which it began. */
export class UsageRollup {
  #rows = new Map<string, UsageRow>();
  readonly #recent: (UsageRow | undefined)[] = Array.from({ length: CACHE_SLOTS }, () => undefined);

  get size(): number {
    return this.#rows.size;
  }

  add(entry: UsageEntry): void {
    const row = this.#recentRow(entry) ?? this.#row(entry);
    addToSums(row, entry);
    if (entry.isRoot) row.runs++;
    row.durationNs += BigInt(entry.durationNs);
  }

  /** Adds spans of which is known only how many they are. Together they have `runs` roots and took `entry.durationNs`. */
  addMany(entry: UsageEntry, { spans, runs }: { spans: number; runs: number }): void {
    const row = this.#recentRow(entry) ?? this.#row(entry);
    addToSums(row, entry, spans);
    row.runs += runs;
    row.durationNs += BigInt(entry.durationNs);
  }

  /** Hands over the rows, and begins anew. */
  take(): UsageRow[] {
    const rows = [...this.#rows.values()];
    this.#rows = new Map();
    this.#recent.fill(undefined);
    return rows;
  }

  #recentRow(entry: UsageEntry): UsageRow | undefined {
    const row = this.#recent[slotOf(entry)];
    return row !== undefined && hasKeysOf(row, entry) ? row : undefined;
  }

  #row(entry: UsageEntry): UsageRow {
    const { project, minute, agent, agentVersion, kind, provider, model, tool, status } = entry;
    const key = `${minute}\0${kind}\0${status}\0${agent}\0${model}\0${tool}\0${agentVersion}\0${provider}\0${project}`;
    let row = this.#rows.get(key);
    if (row === undefined) {
      const keys = { project, minute, agent, agentVersion, kind, provider, model, tool, status };
      row = { ...keys, ...emptySums(), runs: 0, durationNs: 0n };
      this.#rows.set(key, row);
    }
    this.#recent[slotOf(entry)] = row;
    return row;
  }
}

function slotOf({ minute, kind, agent, model, tool, status }: UsageEntry): number {
  const lengths = kind.length * 7 + agent.length * 13 + model.length * 31 + tool.length * 61 + status.length;
  const ends = lastOf(agent) * 37 + lastOf(model) * 101 + lastOf(tool) * 211;
  return (minute / 60 + lengths + ends) & (CACHE_SLOTS - 1);
}

const lastOf = (text: string): number => (text === "" ? 0 : text.charCodeAt(text.length - 1));

function hasKeysOf(row: UsageRow, entry: UsageEntry): boolean {
  return (
    row.minute === entry.minute &&
    row.kind === entry.kind &&
    row.status === entry.status &&
    row.agent === entry.agent &&
    row.model === entry.model &&
    row.tool === entry.tool &&
    row.agentVersion === entry.agentVersion &&
    row.provider === entry.provider &&
    row.project === entry.project
  );
}
