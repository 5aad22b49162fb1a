import { createColors } from "picocolors";

/** The colours of picocolors, all of them the identity where colour is off. */
export type Style = ReturnType<typeof createColors>;

/** How to print for whoever is reading. */
export interface Sheet {
  style: Style;
  /** Columns to fill. Lines of the program's own making never get longer. */
  width: number;
}

const normalWidth = 100;
const widestWidth = 140;
const narrowestWidth = 60;

/** Colour for terminals, unless NO_COLOR; the terminal's own width, within what reads well; 100 columns for files and pipes. */
export function createSheet(
  output: { isTTY?: boolean; columns?: number },
  environment: Record<string, string | undefined>,
): Sheet {
  const isForced = (environment["FORCE_COLOR"] ?? "0") !== "0";
  const isPlain = (environment["NO_COLOR"] ?? "") !== "" || environment["TERM"] === "dumb";
  const width = output.isTTY ? (output.columns ?? normalWidth) : normalWidth;
  return {
    style: createColors(!isPlain && (isForced || output.isTTY === true)),
    width: Math.max(narrowestWidth, Math.min(widestWidth, width)),
  };
}
