import type { RivalName } from "../rivals/rival-names.ts";

/** The ways to watch the agent that are compared, and what the tables call them. */
export const variantTitles = {
  bare: "nothing",
  opentelemetry: "plain OpenTelemetry by hand",
  "opentelemetry-default": "plain OpenTelemetry by hand, default queue",
  "bare-middleware": "a middleware that does nothing",
  middleware: "Runreel, `runreelMiddleware()`",
  "middleware-unredacted": "Runreel, `runreelMiddleware()`, `redact: false`",
  "middleware-structure": 'Runreel, `runreelMiddleware()`, `content: "none"`',
  "middleware-sampled": "Runreel, `runreelMiddleware()`, `sample: 0.25`",
  "bare-callbacks": "a callback handler that does nothing",
  callbacks: "Runreel, `runreelCallbacks()`",
  "bare-saver": "nothing, with `MemorySaver`",
  "recording-saver": "Runreel, middleware and `recordingSaver(new MemorySaver())`",
} as const;

export type OwnVariantName = keyof typeof variantTitles;
export type VariantName = OwnVariantName | RivalName;

/** What the table of overheads shows. */
export const variantNames: OwnVariantName[] = (Object.keys(variantTitles) as OwnVariantName[]).filter(
  (name) => name !== "opentelemetry-default",
);

/** The variant whose figures another one is divided by. */
export const baseOf = (variant: VariantName): VariantName =>
  variant === "recording-saver" || variant === "bare-saver" ? "bare-saver" : "bare";
