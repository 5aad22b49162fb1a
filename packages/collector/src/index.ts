export { createCollector } from "./create-collector.ts";
export type { Collector, CollectorOptions } from "./create-collector.ts";
export { describeFaults, loadConfig } from "./config/load-config.ts";
export type { ConfigFault, ConfigResult, ConfigSources } from "./config/load-config.ts";
export type { CollectorConfig } from "./config/config.ts";
export type { Metrics } from "./metrics.ts";
export { StartError } from "./model/start-error.ts";
export type { StartErrorCode } from "./model/start-error.ts";
// What the routes answer, for programs that read it.
export type { KeepAnswer } from "./ask/keep-runs.ts";
export type { DiffAnswer, DiffStep } from "./query/compare-runs.ts";
export type { Process, ProcessCounts } from "./query/list-processes.ts";
export type { Run, RunStatus, Tokens } from "./query/run.ts";
export type { RunAnswer } from "./query/show-run.ts";
export type { Step, StepError } from "./query/step.ts";
