import type { RunStatus, Step } from "../answers.ts";
import type { Style } from "./terminal.ts";

type Paint = (style: Style) => (text: string) => string;

const looks: Record<RunStatus, { mark: string; word: string; paint: Paint }> = {
  ok: { mark: "✓", word: "ok", paint: (style) => style.green },
  error: { mark: "✗", word: "failed", paint: (style) => style.red },
  running: { mark: "●", word: "running", paint: (style) => style.cyan },
  interrupted: { mark: "‖", word: "waits for a person", paint: (style) => style.yellow },
  lost: { mark: "✗", word: "lost", paint: (style) => style.red },
  silent: { mark: "?", word: "silent", paint: (style) => style.yellow },
};

/** The mark of a run, coloured. */
export const runMark = (style: Style, status: RunStatus): string => looks[status].paint(style)(looks[status].mark);

/** How a run stands, coloured. */
export const runWord = (style: Style, status: RunStatus): string => looks[status].paint(style)(looks[status].word);

/** The mark of a step: what kind it is, or that it failed, is going on, or was kept from running. */
export function stepMark(style: Style, step: Step): string {
  if (step.served === "blocked") return style.yellow("⊘");
  if (step.error !== null || step.status === "error") return style.red("✗");
  if (step.status === "running") return style.cyan("●");
  if (step.kind === "inference") return style.magenta("◆");
  return step.kind === "tool" ? style.blue("▸") : style.cyan("λ");
}

/** What sets a step apart: how a replay came by it, or that running it cannot be undone. */
export function stepNote(style: Style, step: Step): string {
  if (step.served === "recorded") return style.dim("recorded");
  if (step.served === "confirmed") return style.green("confirmed");
  if (step.served === "blocked") return style.yellow("blocked");
  return step.effect === "non_idempotent" ? style.yellow("non-idempotent") : "";
}
