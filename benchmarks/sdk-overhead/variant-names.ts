/** The ways to watch the agent that are compared, and what the tables call them. */
export const variantTitles = {
  bare: "nothing",
  opentelemetry: "plain OpenTelemetry by hand",
  middleware: "Runreel, `runreelMiddleware()`",
  callbacks: "Runreel, `runreelCallbacks()`",
  "bare-saver": "nothing, with `MemorySaver`",
  "recording-saver": "Runreel, middleware and `recordingSaver(new MemorySaver())`",
} as const;

export type VariantName = keyof typeof variantTitles;
export const variantNames: VariantName[] = Object.keys(variantTitles) as VariantName[];

/** The variant whose figures another one is divided by. */
export const baseOf = (variant: VariantName): VariantName =>
  variant === "recording-saver" || variant === "bare-saver" ? "bare-saver" : "bare";
