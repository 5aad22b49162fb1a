import type { StepKind } from "../record/outcome.ts";
import type { RecordedStep, ReplayPlan } from "./plan.ts";

/**
 * The recorded steps and which of them have been handed out.
 *
 * A step is found by kind, name, hash of its arguments and its ordinal among equal ones; never by its position, since parallel steps
 * come in any order.
 */
export class Recording {
  readonly #steps: readonly RecordedStep[];
  readonly #from: number;
  readonly #claimed = new Set<RecordedStep>();
  /** Equal steps, the earliest first. */
  readonly #queues = new Map<string, RecordedStep[]>();
  #unclaimedBeforeCheckpoint: number;

  constructor(plan: Pick<ReplayPlan, "steps" | "from">, hash: (value: unknown) => string) {
    this.#steps = [...plan.steps].sort((a, b) => a.index - b.index);
    this.#from = plan.from;
    this.#unclaimedBeforeCheckpoint = this.#steps.filter((step) => step.index < plan.from).length;
    const asked = askedArguments(this.#steps);
    for (const step of this.#steps) {
      const own = hashOf(step, hash);
      this.#enqueue(step, own);
      const given = step.callId === null ? undefined : asked.get(step.callId);
      if (step.kind !== "tool" || given === undefined) continue;
      const told = hash(given);
      if (told !== own) this.#enqueue(step, told);
    }
  }

  #enqueue(step: RecordedStep, argumentsHash: string): void {
    const key = keyOf(step.kind, step.name, argumentsHash);
    const queue = this.#queues.get(key);
    if (queue === undefined) this.#queues.set(key, [step]);
    else queue.push(step);
  }

  /** The earliest equal step that has not been handed out, which it then has been. */
  claim(kind: StepKind, name: string, argumentsHash: string): RecordedStep | undefined {
    const queue = this.#queues.get(keyOf(kind, name, argumentsHash)) ?? [];
    const step = queue.find((candidate) => !this.#claimed.has(candidate));
    if (step === undefined) return undefined;
    queue.splice(0, queue.indexOf(step) + 1);
    this.#claimed.add(step);
    if (step.index < this.#from) this.#unclaimedBeforeCheckpoint -= 1;
    return step;
  }

  /** Whether the program has yet to come past steps before the checkpoint. */
  get isBeforeCheckpoint(): boolean {
    return this.#unclaimedBeforeCheckpoint > 0;
  }

  /** The step that was due: the next of the same kind and name if there is one, else the next. */
  expected(kind: StepKind, name: string): RecordedStep | undefined {
    const open = this.#steps.filter((step) => !this.#claimed.has(step));
    const due = this.isBeforeCheckpoint ? open.filter((step) => step.index < this.#from) : open;
    return due.find((step) => step.kind === kind && step.name === name) ?? due[0];
  }

  /** One past the last recorded step. */
  get end(): number {
    return (this.#steps.at(-1)?.index ?? 0) + 1;
  }
}

/**
 * The arguments that models asked for, by the id of the call. In the recording of a replay a person may have changed what a tool ran
 * with; the program, which reads the model's answer, will ask for what that says.
 */
function askedArguments(steps: readonly RecordedStep[]): Map<string, unknown> {
  const asked = new Map<string, unknown>();
  for (const step of steps) {
    const parts = step.kind === "inference" ? (step.result as { parts?: unknown } | null)?.parts : undefined;
    if (!Array.isArray(parts)) continue;
    for (const part of parts as { type?: unknown; id?: unknown; arguments?: unknown }[]) {
      if (part.type === "tool_call" && typeof part.id === "string") asked.set(part.id, part.arguments);
    }
  }
  return asked;
}

const keyOf = (kind: StepKind, name: string, argumentsHash: string): string =>
  JSON.stringify([kind, name, argumentsHash]);

/** A piece of user code has no arguments and so no hash; it is told by its name. */
const hashOf = (step: RecordedStep, hash: (value: unknown) => string): string =>
  step.argumentsHash ?? hash(step.arguments ?? null);
