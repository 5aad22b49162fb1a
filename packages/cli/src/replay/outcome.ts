import type { Divergence, ReplayMode, RunDetail, Step } from "../answers.ts";
import { exitCodes, type ExitCode } from "../command-failure.ts";
import type { ReplaySummary } from "../print/replay-summary.ts";

/** Sums up a replay from what its run recorded. */
export function summarize(
  asked: { originRunId: string; from: number; mode: ReplayMode },
  detail: RunDetail | undefined,
): ReplaySummary {
  const count = (served: Step["served"]): number =>
    (detail?.steps ?? []).filter((step) => step.served === served).length;
  return {
    runId: detail?.run.runId ?? null,
    ...asked,
    status: detail?.run.status ?? "unknown",
    divergence: divergenceOf(detail?.run.divergence),
    served: count("recorded"),
    executed: count("live") + count("confirmed"),
    confirmed: count("confirmed"),
    blocked: count("blocked"),
  };
}

function divergenceOf(value: unknown): Divergence | null {
  return typeof value === "object" && value !== null && "step" in value ? (value as Divergence) : null;
}

/**
 * What the command ends with. A divergence that stopped the replay comes before an effect that was not confirmed, and both before the
 * program's own failure, which they have usually caused.
 */
export function exitCodeOf(
  summary: ReplaySummary,
  program: { code: number | null },
  onDivergence: "stop" | "continue",
): ExitCode {
  if (summary.divergence && onDivergence === "stop") return exitCodes.diverged;
  if (summary.blocked > 0) return exitCodes.notConfirmed;
  return program.code === 0 && summary.status === "ok" ? exitCodes.done : exitCodes.failed;
}
