// Generated from spec/semconv.yaml by `npm run generate`. Do not edit.

/** The generation of the GenAI conventions (open-telemetry/semantic-conventions-genai) that is written, for a scope's schema URL. */
export const GENAI_SCHEMA_URL = "https://opentelemetry.io/schemas/gen-ai/1.42.0" as const;

/** Attribute of OpenTelemetry, string. */
export const SERVICE_NAME = "service.name" as const;

/** Attribute of OpenTelemetry, string. */
export const SERVICE_VERSION = "service.version" as const;

/** Attribute of OpenTelemetry, string. */
export const SERVICE_INSTANCE_ID = "service.instance.id" as const;

/** Attribute of OpenTelemetry, string. */
export const TELEMETRY_SDK_VERSION = "telemetry.sdk.version" as const;

/** Attribute of OpenTelemetry, string. */
export const HOST_NAME = "host.name" as const;

/** Attribute of OpenTelemetry, int. */
export const PROCESS_PID = "process.pid" as const;

/** Attribute of OpenTelemetry, string. */
export const ERROR_TYPE = "error.type" as const;

/** Attribute of OpenTelemetry, string. */
export const OTEL_SCOPE_NAME = "otel.scope.name" as const;

/** Attribute of OpenTelemetry, string. */
export const OTEL_SCOPE_VERSION = "otel.scope.version" as const;

/** Attribute of OpenTelemetry, string. */
export const EXCEPTION_TYPE = "exception.type" as const;

/** Attribute of OpenTelemetry, string. */
export const EXCEPTION_MESSAGE = "exception.message" as const;

/** Attribute of OpenTelemetry, string. */
export const EXCEPTION_STACKTRACE = "exception.stacktrace" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_OPERATION_NAME = "gen_ai.operation.name" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_PROVIDER_NAME = "gen_ai.provider.name" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_CONVERSATION_ID = "gen_ai.conversation.id" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_AGENT_ID = "gen_ai.agent.id" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_AGENT_NAME = "gen_ai.agent.name" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_AGENT_VERSION = "gen_ai.agent.version" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_AGENT_DESCRIPTION = "gen_ai.agent.description" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_WORKFLOW_NAME = "gen_ai.workflow.name" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_REQUEST_MODEL = "gen_ai.request.model" as const;

/** Attribute of OpenTelemetry, int. */
export const GEN_AI_REQUEST_MAX_TOKENS = "gen_ai.request.max_tokens" as const;

/** Attribute of OpenTelemetry, double. */
export const GEN_AI_REQUEST_TEMPERATURE = "gen_ai.request.temperature" as const;

/** Attribute of OpenTelemetry, double. */
export const GEN_AI_REQUEST_TOP_P = "gen_ai.request.top_p" as const;

/** Attribute of OpenTelemetry, boolean. */
export const GEN_AI_REQUEST_STREAM = "gen_ai.request.stream" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_RESPONSE_ID = "gen_ai.response.id" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_RESPONSE_MODEL = "gen_ai.response.model" as const;

/** Attribute of OpenTelemetry, string[]. */
export const GEN_AI_RESPONSE_FINISH_REASONS = "gen_ai.response.finish_reasons" as const;

/** Attribute of OpenTelemetry, double. */
export const GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK = "gen_ai.response.time_to_first_chunk" as const;

/** Attribute of OpenTelemetry, int. */
export const GEN_AI_USAGE_INPUT_TOKENS = "gen_ai.usage.input_tokens" as const;

/** Attribute of OpenTelemetry, int. */
export const GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS = "gen_ai.usage.cache_read.input_tokens" as const;

/** Attribute of OpenTelemetry, int. */
export const GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS = "gen_ai.usage.cache_creation.input_tokens" as const;

/** Attribute of OpenTelemetry, int. */
export const GEN_AI_USAGE_OUTPUT_TOKENS = "gen_ai.usage.output_tokens" as const;

/** Attribute of OpenTelemetry, int. */
export const GEN_AI_USAGE_REASONING_OUTPUT_TOKENS = "gen_ai.usage.reasoning.output_tokens" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_SYSTEM_INSTRUCTIONS = "gen_ai.system_instructions" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_INPUT_MESSAGES = "gen_ai.input.messages" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_OUTPUT_MESSAGES = "gen_ai.output.messages" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_TOOL_DEFINITIONS = "gen_ai.tool.definitions" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_TOOL_NAME = "gen_ai.tool.name" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_TOOL_DESCRIPTION = "gen_ai.tool.description" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_TOOL_TYPE = "gen_ai.tool.type" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_TOOL_CALL_ID = "gen_ai.tool.call.id" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_TOOL_CALL_ARGUMENTS = "gen_ai.tool.call.arguments" as const;

/** Attribute of OpenTelemetry, string. */
export const GEN_AI_TOOL_CALL_RESULT = "gen_ai.tool.call.result" as const;

/**
 * Only on the twin of a run's topmost span in a tracer provider that was joined. The run it belongs to.
 *
 * Attribute, string, for example `0af7651916cd43dd8448eb211c80319c`.
 */
export const RUNREEL_RUN_ID = "runreel.run.id" as const;

/**
 * The name given to run(), on the root span of a run.
 *
 * Attribute, string, for example `research`.
 */
export const RUNREEL_RUN_NAME = "runreel.run.name" as const;

/**
 * On the root span. The run waits for a person; its end is a pause and not an error.
 *
 * Attribute, boolean, for example `true`.
 */
export const RUNREEL_RUN_INTERRUPTED = "runreel.run.interrupted" as const;

/**
 * On any span of a run, where runs are sampled: why this one is here. sampled, error, unfinished, asked, or what somebody has found in it.
 *
 * Attribute, string, for example `error`.
 */
export const RUNREEL_RUN_KEPT_BECAUSE = "runreel.run.kept_because" as const;

/**
 * The host whose adapter recorded the span. Absent on hand-written instrumentation.
 *
 * Attribute, string, for example `langchain`.
 */
export const RUNREEL_FRAMEWORK = "runreel.framework" as const;

/**
 * A start record, sent while its span is open. Same trace and span id as the span that follows, end time 0.
 *
 * Attribute, boolean, for example `true`.
 */
export const RUNREEL_SPAN_PENDING = "runreel.span.pending" as const;

/**
 * inference, tool or code. Its presence makes a span a step: the unit that is numbered and replayed.
 *
 * Attribute, string, for example `tool`.
 */
export const RUNREEL_STEP_KIND = "runreel.step.kind" as const;

/**
 * What a step is matched by, next to its kind and arguments: the tool, the model asked for, or the name given to step().
 *
 * Attribute, string, for example `search_web`.
 */
export const RUNREEL_STEP_NAME = "runreel.step.name" as const;

/**
 * How a step of a replay came about: live, recorded, confirmed or blocked. Absent outside a replay, which means live.
 *
 * Attribute, string, for example `recorded`.
 */
export const RUNREEL_STEP_SERVED = "runreel.step.served" as const;

/**
 * What running the step does to the world: none, read, idempotent, non_idempotent or unknown.
 *
 * Attribute, string, for example `non_idempotent`.
 */
export const RUNREEL_EFFECT = "runreel.effect" as const;

/**
 * Who allowed a confirmed step.
 *
 * Attribute, string, for example `maria@laptop`.
 */
export const RUNREEL_EFFECT_CONFIRMED_BY = "runreel.effect.confirmed_by" as const;

/**
 * On the resource. How content is sent: blobs, inline or none.
 *
 * Attribute, string, for example `blobs`.
 */
export const RUNREEL_CONTENT_MODE = "runreel.content.mode" as const;

/**
 * Reference to what a step or run was given: messages of an inference, arguments of a tool, input of a run.
 *
 * Attribute, string, for example `5f1c0a4b6c0d9e8f7a6b5c4d3e2f1a0b`.
 */
export const RUNREEL_CONTENT_INPUT = "runreel.content.input" as const;

/**
 * Reference to what came out: the message of an inference, the result of a tool, the output of a run.
 *
 * Attribute, string, for example `5f1c0a4b6c0d9e8f7a6b5c4d3e2f1a0b`.
 */
export const RUNREEL_CONTENT_OUTPUT = "runreel.content.output" as const;

/**
 * Reference to the system instructions of an inference, as message parts.
 *
 * Attribute, string, for example `5f1c0a4b6c0d9e8f7a6b5c4d3e2f1a0b`.
 */
export const RUNREEL_CONTENT_SYSTEM = "runreel.content.system" as const;

/**
 * Reference to the tool definitions offered to an inference.
 *
 * Attribute, string, for example `5f1c0a4b6c0d9e8f7a6b5c4d3e2f1a0b`.
 */
export const RUNREEL_CONTENT_TOOLS = "runreel.content.tools" as const;

/**
 * Reference to a result in its host's own form, which a replay needs to hand back the very same object.
 *
 * Attribute, string, for example `5f1c0a4b6c0d9e8f7a6b5c4d3e2f1a0b`.
 */
export const RUNREEL_CONTENT_RAW = "runreel.content.raw" as const;

/**
 * Reference to the agent's state at a checkpoint.
 *
 * Attribute, string, for example `5f1c0a4b6c0d9e8f7a6b5c4d3e2f1a0b`.
 */
export const RUNREEL_CONTENT_STATE = "runreel.content.state" as const;

/**
 * Why content was not kept: of this span, or of the spans that an event `runreel.content_lost` tells of.
 *
 * Attribute, string, for example `buffer_full`.
 */
export const RUNREEL_CONTENT_DROPPED = "runreel.content.dropped" as const;

/**
 * On an event `runreel.content_lost`. The run whose content was lost, by its trace id.
 *
 * Attribute, string, for example `0af7651916cd43dd8448eb211c80319c`.
 */
export const RUNREEL_CONTENT_LOST_RUN = "runreel.content_lost.run" as const;

/**
 * On an event `runreel.content_lost`. How many more spans of the run name content that was lost.
 *
 * Attribute, int, for example `3`.
 */
export const RUNREEL_CONTENT_LOST_SPANS = "runreel.content_lost.spans" as const;

/**
 * Reference to a reasoning text, on an event of the same name.
 *
 * Attribute, string, for example `5f1c0a4b6c0d9e8f7a6b5c4d3e2f1a0b`.
 */
export const RUNREEL_REASONING = "runreel.reasoning" as const;

/**
 * The answer came from a cache of the host, so its tokens were not spent and are not counted.
 *
 * Attribute, boolean, for example `true`.
 */
export const RUNREEL_USAGE_CACHED = "runreel.usage.cached" as const;

/**
 * The span's usage has gone ahead in a usage record, so it is not counted again.
 *
 * Attribute, boolean, for example `true`.
 */
export const RUNREEL_USAGE_COUNTED = "runreel.usage.counted" as const;

/**
 * On an event `runreel.usage`: how many spans the row stands for.
 *
 * Attribute, int, for example `12`.
 */
export const RUNREEL_USAGE_SPANS = "runreel.usage.spans" as const;

/**
 * On an event `runreel.usage`: how many of them are roots. Absent for none.
 *
 * Attribute, int, for example `1`.
 */
export const RUNREEL_USAGE_RUNS = "runreel.usage.runs" as const;

/**
 * On a span `runreel.usage`. Runs that are sampled out and go on, each named once, so that one can be asked for.
 *
 * Attribute, string[], for example `0af7651916cd43dd8448eb211c80319c`.
 */
export const RUNREEL_USAGE_OPEN_RUNS = "runreel.usage.open_runs" as const;

/**
 * The same of those that were named and are over.
 *
 * Attribute, string[], for example `0af7651916cd43dd8448eb211c80319c`.
 */
export const RUNREEL_USAGE_ENDED_RUNS = "runreel.usage.ended_runs" as const;

/**
 * On an event `runreel.usage`: how long they took together, in nanoseconds.
 *
 * Attribute, int, for example `1200000000`.
 */
export const RUNREEL_USAGE_DURATION_NS = "runreel.usage.duration_ns" as const;

/**
 * On an event `runreel.usage`: gen_ai.usage.input_tokens of each of the spans, -1 where nobody reported it. Absent where none has it.
 *
 * Attribute, int[], for example `[812,1024]`.
 */
export const RUNREEL_USAGE_INPUT_TOKENS = "runreel.usage.input_tokens" as const;

/**
 * The same of gen_ai.usage.cache_read.input_tokens.
 *
 * Attribute, int[], for example `[512,768]`.
 */
export const RUNREEL_USAGE_CACHE_READ_TOKENS = "runreel.usage.cache_read_tokens" as const;

/**
 * The same of gen_ai.usage.cache_creation.input_tokens.
 *
 * Attribute, int[], for example `[0,128]`.
 */
export const RUNREEL_USAGE_CACHE_WRITE_TOKENS = "runreel.usage.cache_write_tokens" as const;

/**
 * The same of gen_ai.usage.output_tokens.
 *
 * Attribute, int[], for example `[96,131]`.
 */
export const RUNREEL_USAGE_OUTPUT_TOKENS = "runreel.usage.output_tokens" as const;

/**
 * The same of gen_ai.usage.reasoning.output_tokens.
 *
 * Attribute, int[], for example `[64,-1]`.
 */
export const RUNREEL_USAGE_REASONING_TOKENS = "runreel.usage.reasoning_tokens" as const;

/**
 * The checkpoint's id, the host's own where it has one.
 *
 * Attribute, string, for example `1ef4f797-8335-6428-8001-8a1503f9b875`.
 */
export const RUNREEL_CHECKPOINT_ID = "runreel.checkpoint.id" as const;

/**
 * The checkpoint it follows.
 *
 * Attribute, string, for example `1ef4f797-7f3a-6b1c-8000-2d6a1b6f0c11`.
 */
export const RUNREEL_CHECKPOINT_PARENT_ID = "runreel.checkpoint.parent_id" as const;

/**
 * The label given to checkpoint(), or the host's own name for the moment.
 *
 * Attribute, string, for example `after-search`.
 */
export const RUNREEL_CHECKPOINT_LABEL = "runreel.checkpoint.label" as const;

/**
 * The subgraph the state belongs to; empty for the whole agent.
 *
 * Attribute, string, for example `sub:6f1c`.
 */
export const RUNREEL_CHECKPOINT_NAMESPACE = "runreel.checkpoint.namespace" as const;

/**
 * The replay that this run carries out, on the root span.
 *
 * Attribute, string, for example `rp_01k9`.
 */
export const RUNREEL_REPLAY_ID = "runreel.replay.id" as const;

/**
 * The run that is replayed, on the root span and on its link.
 *
 * Attribute, string, for example `0af7651916cd43dd8448eb211c80319c`.
 */
export const RUNREEL_REPLAY_OF_RUN = "runreel.replay.of_run" as const;

/**
 * The first step that is not served from the recording.
 *
 * Attribute, int, for example `7`.
 */
export const RUNREEL_REPLAY_FROM = "runreel.replay.from" as const;

/**
 * recorded, tools-recorded or live.
 *
 * Attribute, string, for example `live`.
 */
export const RUNREEL_REPLAY_MODE = "runreel.replay.mode" as const;

/**
 * JSON text on the root span, where what the program asked for first differed from the recording.
 *
 * Attribute, string, for example `{"step":7,"expected":{},"actual":{}}`.
 */
export const RUNREEL_REPLAY_DIVERGENCE = "runreel.replay.divergence" as const;

/**
 * On an event `runreel.blob`. First 16 bytes of the SHA-256 over type and data, in hex.
 *
 * Attribute, string, for example `5f1c0a4b6c0d9e8f7a6b5c4d3e2f1a0b`.
 */
export const RUNREEL_BLOB_HASH = "runreel.blob.hash" as const;

/**
 * On an event `runreel.blob`: tree, text or bytes.
 *
 * Attribute, string, for example `tree`.
 */
export const RUNREEL_BLOB_TYPE = "runreel.blob.type" as const;

/**
 * On an event `runreel.blob`: the blob, as bytes; of a tree or a text its UTF-8. A reader takes text too.
 *
 * Attribute, string, for example `{"role":"user"}`.
 */
export const RUNREEL_BLOB_DATA = "runreel.blob.data" as const;

/**
 * On a span `runreel.process`. Grows with every report of a process; the highest counts.
 *
 * Attribute, int, for example `3`.
 */
export const RUNREEL_PROCESS_SEQUENCE = "runreel.process.sequence" as const;

/**
 * On a span `runreel.process`. Whether the process is ending. One that goes on after all says false again.
 *
 * Attribute, boolean, for example `true`.
 */
export const RUNREEL_PROCESS_ENDED = "runreel.process.ended" as const;

/**
 * On a span `runreel.process`. Runs that have begun in the process and have not ended. While there are any, a report comes every interval.
 *
 * Attribute, int, for example `2`.
 */
export const RUNREEL_PROCESS_OPEN_RUNS = "runreel.process.open_runs" as const;

/**
 * On a span `runreel.process`. The time between two reports while runs are open, in milliseconds.
 *
 * Attribute, int, for example `10000`.
 */
export const RUNREEL_PROCESS_INTERVAL_MS = "runreel.process.interval_ms" as const;

/**
 * On a span `runreel.process`. JSON text: what has become of the spans of the process, with the request of the report counted as delivered. `recorded` is the sum of the others without `fromDisk`, the part of `delivered` that had waited on disk.
 *
 * Attribute, string, for example `{"recorded":21,"delivered":21,"spooled":0,"buffered":0,"fromDisk":0,"dropped":{}}`.
 */
export const RUNREEL_PROCESS_SPANS = "runreel.process.spans" as const;

/**
 * On a span `runreel.process`. The same of its blobs.
 *
 * Attribute, string, for example `{"recorded":9,"delivered":9,"spooled":0,"buffered":0,"fromDisk":0,"dropped":{}}`.
 */
export const RUNREEL_PROCESS_CONTENT = "runreel.process.content" as const;

/**
 * On a span `runreel.process`. Spans of earlier processes that this one has delivered from disk.
 *
 * Attribute, int, for example `0`.
 */
export const RUNREEL_PROCESS_REDELIVERED = "runreel.process.redelivered" as const;

/**
 * On a span `runreel.process` that is no report but a receipt, on a request that comes from disk. JSON text: what the request holds.
 *
 * Attribute, string, for example `{"spans":21,"content":9}`.
 */
export const RUNREEL_PROCESS_FROM_DISK = "runreel.process.from_disk" as const;

/** The name of a span: A report of a process on what it has recorded. It is no part of a run and is counted nowhere. */
export const SPAN_PROCESS = "runreel.process" as const;

/** The name of a span: A usage record: what runs that were sampled out have used, one event for each row. It is no part of a run. */
export const SPAN_USAGE = "runreel.usage" as const;

/** The name of a span: A carrier of blobs. It is no part of a run and is counted nowhere. */
export const SPAN_CONTENT = "runreel.content" as const;

/** The name of a span: A moment whose state can be read and replayed from. */
export const SPAN_CHECKPOINT = "checkpoint" as const;

/** The name of an event. */
export const EVENT_BLOB = "runreel.blob" as const;

/** The name of an event. */
export const EVENT_CONTENT_LOST = "runreel.content_lost" as const;

/** The name of an event. */
export const EVENT_REASONING = "runreel.reasoning" as const;

/** The name of an event. */
export const EVENT_USAGE = "runreel.usage" as const;
