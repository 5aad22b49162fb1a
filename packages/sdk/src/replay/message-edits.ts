import { canonicalJson } from "@runreel/content";

import type { RecordedStep, ReplayPlan } from "./plan.ts";

/** A change to a message that recorded inferences had already read: live inferences read the changed one. */
export interface MessageEdit {
  /** Position in the conversation, from 0, system instructions not counted. */
  index: number;
  /** Path inside the message, as the host prints its state. */
  path: readonly string[];
  value: unknown;
  /** The message as it was recorded, to tell whether the same one stands there now. */
  recorded: unknown;
}

/** Where a message of the state at the checkpoint comes from. */
export type MessageOrigin =
  /** A step gave it and no served inference has read it since: it can be changed where it is handed back. */
  | { from: "step"; step: RecordedStep }
  /** It was read by served inferences, whose recorded questions would no longer match: only live ones may see the change. */
  | { from: "conversation"; recorded: unknown; giver: RecordedStep | undefined };

/**
 * The messages of the agent's state at the checkpoint, as the recording tells them: what the last inference before the checkpoint
 * read, its answer, and the results of the tool calls it asked for that had ended by then.
 */
export function messagesAtCheckpoint(plan: Pick<ReplayPlan, "steps" | "from">): MessageOrigin[] {
  const inferences = plan.steps.filter((step) => step.kind === "inference" && Array.isArray(step.arguments));
  const last = inferences.filter((step) => step.index < plan.from).at(-1);
  const read = (last ?? inferences[0])?.arguments as unknown[] | undefined;
  const messages: MessageOrigin[] = (read ?? []).map((recorded) => ({
    from: "conversation",
    recorded,
    giver: giverOf(plan.steps, recorded),
  }));
  if (last === undefined) return messages;
  messages.push({ from: "step", step: last });
  for (const callId of toolCallIds(last.result)) {
    const tool = plan.steps.find(
      (step) => step.kind === "tool" && step.callId === callId && step.index > last.index && step.index < plan.from,
    );
    if (tool !== undefined) messages.push({ from: "step", step: tool });
  }
  return messages;
}

/** The step that gave a message, where it can be told: an equal answer, or the result of the call it names. */
function giverOf(steps: readonly RecordedStep[], message: unknown): RecordedStep | undefined {
  const { role, parts } = (message ?? {}) as { role?: unknown; parts?: { id?: unknown }[] };
  if (role === "tool") return steps.find((step) => step.kind === "tool" && step.callId === parts?.[0]?.id);
  if (role !== "assistant") return undefined;
  const text = canonicalJson(message);
  return steps.find((step) => step.kind === "inference" && canonicalJson(step.result) === text);
}

function toolCallIds(message: unknown): string[] {
  const parts = (message as { parts?: unknown } | null)?.parts;
  if (!Array.isArray(parts)) return [];
  return (parts as { type?: unknown; id?: unknown }[]).flatMap((part) =>
    part.type === "tool_call" && typeof part.id === "string" ? [part.id] : [],
  );
}
