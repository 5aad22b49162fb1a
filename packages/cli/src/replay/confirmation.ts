import { wrongUse } from "../command-failure.ts";

/** How questions about effects are answered: by asking, by no, by lines of standard input, and by yes for the steps named. */
export interface Confirmation {
  way: "ask" | "deny" | "stdin";
  confirmedSteps: ReadonlySet<number>;
}

/**
 * Reads `--confirm`: `ask`, `deny`, `stdin`, or step numbers with commas, whose effects are confirmed beforehand while others are asked about.
 *
 * @throws CommandFailure exit 2
 */
export function parseConfirmation(text: string): Confirmation {
  const none: ReadonlySet<number> = new Set();
  if (text === "ask" || text === "deny" || text === "stdin") return { way: text, confirmedSteps: none };
  const steps = text.split(",").map((step) => step.trim());
  if (!steps.every((step) => /^[1-9]\d{0,8}$/.test(step))) {
    throw wrongUse(`--confirm ${text}: expected ask, deny, stdin, or step numbers such as 11 or 8,11`);
  }
  return { way: "ask", confirmedSteps: new Set(steps.map(Number)) };
}
