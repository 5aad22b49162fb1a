import { z } from "zod";

/** May this step run? Asked by a program that replays, answered by a person. */
export interface Question {
  questionId: string;
  /** The recorded step that it stands for; null when the recording has none. */
  step: number | null;
  kind: string;
  name: string;
  arguments: unknown;
  effect: string;
  callId: string | null;
  askedAt: string;
  state: "open" | "answered";
  decision: Decision | null;
  /** Who decided. */
  by: string | null;
}

export type Decision = "yes" | "no";

/** What a program asks. */
export type Asked = Pick<Question, "step" | "kind" | "name" | "arguments" | "effect" | "callId">;

export const decisionSchema: z.ZodType<Decision> = z.enum(["yes", "no"]);

export const askedSchema: z.ZodType<Asked> = z.object({
  step: z.int().min(1).nullable(),
  kind: z.enum(["inference", "tool", "code"]),
  name: z.string().max(1000),
  arguments: z.unknown(),
  effect: z.enum(["none", "read", "idempotent", "non_idempotent", "unknown"]),
  callId: z.string().max(1000).nullable().default(null),
});

export const questionSchema: z.ZodType<Question> = z.object({
  questionId: z.string(),
  step: z.number().nullable(),
  kind: z.string(),
  name: z.string(),
  arguments: z.unknown(),
  effect: z.string(),
  callId: z.string().nullable(),
  askedAt: z.string(),
  state: z.enum(["open", "answered"]),
  decision: decisionSchema.nullable(),
  by: z.string().nullable(),
});
