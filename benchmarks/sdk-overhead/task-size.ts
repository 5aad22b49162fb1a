export const TOOL_CALLS_PER_STEP = 3;

/** What is worth recording of a task: the run, one inference a step and one for the summary, and the tool calls. */
export const spansPerTask = (steps: number): number => 2 + steps * (1 + TOOL_CALLS_PER_STEP);

/** The default queue of OpenTelemetry's batch processor, 2,048, loses spans of 100 parallel tasks. */
export const ENLARGED_QUEUE_SPANS = 100_000;
