import { z } from "zod";

export interface SqlAnswer {
  columns: { name: string; type: string }[];
  rows: Record<string, unknown>[];
}

/** Runs SQL that a user wrote, reading only, within the limits of the configuration. */
export interface SqlReader {
  /** @throws CollectorError RUNREEL_SQL_REFUSED, RUNREEL_SQL_LIMIT, RUNREEL_STORE_UNAVAILABLE */
  read(project: string, query: string): Promise<SqlAnswer>;
}

export const sqlBodySchema: z.ZodType<{ query: string }> = z.object({ query: z.string().min(1).max(100_000) });

export const sqlAnswerSchema: z.ZodType<SqlAnswer> = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.record(z.string(), z.unknown())),
});
