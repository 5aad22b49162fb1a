import { createInterface } from "node:readline";

import { confirm } from "@clack/prompts";

import type { Question } from "../answers.ts";
import { oneLine } from "../print/text.ts";
import { inLines } from "../print/value.ts";
import type { Confirmation } from "./confirmation.ts";

/** Decides a question. `signal` ends the asking when the program is gone. */
export type Person = (question: Question, signal: AbortSignal) => Promise<"yes" | "no">;

export interface PersonOptions {
  confirmation: Confirmation;
  input: NodeJS.ReadStream;
  /** Where questions are shown: standard error, so that standard output stays the program's. */
  output: NodeJS.WriteStream;
  tell: (text: string) => void;
}

/**
 * Who answers: the steps confirmed on the command line, then the way that was chosen. Whatever is not a clear yes is a no.
 *
 * Without a terminal there is nobody to ask, and the answer is no.
 */
export function createPerson({ confirmation, input, output, tell }: PersonOptions): Person {
  const readAnswer = confirmation.way === "stdin" ? createLineReader(input) : undefined;
  const isTerminal = input.isTTY && output.isTTY;

  return async (question, signal) => {
    if (confirmation.confirmedSteps.has(question.step)) {
      tell(`Step ${question.step} ${oneLine(question.name)}: confirmed on the command line.`);
      return "yes";
    }
    tell(`\n${questionText(question)}`);
    if (readAnswer) {
      const answer = await readAnswer(signal);
      tell(`Run it? ${answer === undefined ? "no (end of input)" : oneLine(answer)}`);
      return /^y(es)?$/i.test((answer ?? "").trim()) ? "yes" : "no";
    }
    if (confirmation.way === "deny" || !isTerminal) {
      const why = confirmation.way === "deny" ? "--confirm deny" : "no terminal to ask at; --confirm says more";
      tell(`Run it? no (${why})`);
      return "no";
    }
    const answer = await confirm({ message: "Run it?", initialValue: false, input, output, signal });
    return answer === true ? "yes" : "no";
  };
}

function questionText({ step, name, effect, arguments: given }: Question): string {
  const what = effect === "non_idempotent" ? "cannot be taken back" : `has the effect ${effect.replace("_", "-")}`;
  const lines = inLines(given)
    .split("\n")
    .map((line) => `    ${line}`);
  return [`Step ${step} wants to run ${oneLine(name)}, which ${what}:`, ...lines].join("\n");
}

/** Reads standard input line by line; undefined at its end, or when the signal says that nobody waits any more. */
function createLineReader(input: NodeJS.ReadStream): (signal: AbortSignal) => Promise<string | undefined> {
  const lines = createInterface({ input })[Symbol.asyncIterator]();
  return async (signal) => {
    const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
    const abort = (): void => resolve(undefined);
    signal.addEventListener("abort", abort, { once: true });
    const next = lines.next().then(({ done, value }) => (done ? undefined : value));
    const answer = await Promise.race([next, aborted]);
    signal.removeEventListener("abort", abort);
    return answer;
  };
}
