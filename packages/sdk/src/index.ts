export {
  checkpoint,
  flush,
  inference,
  now,
  random,
  randomUUID,
  reasoning,
  run,
  shutdown,
  status,
  step,
  tool,
  traceContext,
} from "./api.ts";
export {
  RunreelDivergenceError,
  RunreelEffectBlockedError,
  RunreelOptionsError,
  RunreelReplayError,
} from "./errors.ts";
export type { StartOptions } from "./options.ts";
export type { Effect } from "./record/outcome.ts";
export type { RedactOptions } from "./redact/redact-options.ts";
export type { RunOptions } from "./record/record-run.ts";
export type { ModelRequest } from "./record/read-request.ts";
export type { ToolDefinition } from "./record/record-steps.ts";
export { start } from "./start.ts";
export type { Status } from "./status.ts";
