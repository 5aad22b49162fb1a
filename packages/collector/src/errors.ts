/** Every code that an answer of the collector can carry. A code never changes its meaning and is never used again. */
export type ErrorCode =
  | "RUNREEL_DECODE_INVALID_PROTOBUF"
  | "RUNREEL_DECODE_INVALID_JSON"
  | "RUNREEL_DECODE_INVALID_COMPRESSION"
  | "RUNREEL_REQUEST_CONTENT_TYPE"
  | "RUNREEL_REQUEST_CONTENT_ENCODING"
  | "RUNREEL_REQUEST_TOO_LARGE"
  | "RUNREEL_REQUEST_INFLATED_TOO_LARGE"
  | "RUNREEL_REQUEST_TOO_MANY_SPANS"
  | "RUNREEL_REQUEST_INVALID"
  | "RUNREEL_REQUEST_UNAUTHORIZED"
  | "RUNREEL_REQUEST_NO_ROUTE"
  | "RUNREEL_RUN_NOT_FOUND"
  | "RUNREEL_RUN_OVER"
  | "RUNREEL_SPAN_NOT_FOUND"
  | "RUNREEL_CHECKPOINT_NOT_FOUND"
  | "RUNREEL_REPLAY_NOT_FOUND"
  | "RUNREEL_QUESTION_NOT_FOUND"
  | "RUNREEL_QUESTION_ANSWERED"
  | "RUNREEL_REPLAY_TOO_MANY_QUESTIONS"
  | "RUNREEL_CONTENT_MISSING"
  | "RUNREEL_RUN_TOO_LARGE"
  | "RUNREEL_SQL_REFUSED"
  | "RUNREEL_SQL_LIMIT"
  | "RUNREEL_JOURNAL_FULL"
  | "RUNREEL_STORE_UNAVAILABLE"
  | "RUNREEL_COLLECTOR_OVERLOADED"
  | "RUNREEL_COLLECTOR_STOPPING"
  | "RUNREEL_INTERNAL";

/** What stands behind a code. */
export interface ErrorEntry {
  /** HTTP status of the answer. */
  status: number;
  /** Whether the same request can succeed later; then the answer carries `Retry-After`. */
  retryable: boolean;
  /** What happened, in general. The message of an answer says what happened to that request. */
  meaning: string;
  /** What to do about it: the hint of an answer. */
  advice: string;
}

/** The one table of errors; `docs/errors.md` is generated from it. */
export const errorTable: Record<ErrorCode, ErrorEntry> = {
  RUNREEL_DECODE_INVALID_PROTOBUF: {
    status: 400,
    retryable: false,
    meaning: "The body is not an OTLP trace request in protobuf.",
    advice: "Send an ExportTraceServiceRequest, or set content-type to application/json if the body is OTLP/JSON.",
  },
  RUNREEL_DECODE_INVALID_JSON: {
    status: 400,
    retryable: false,
    meaning: "The body is not an OTLP trace request in JSON.",
    advice: "Send OTLP/JSON: an object with resourceSpans, ids in hex, 64-bit numbers as text.",
  },
  RUNREEL_DECODE_INVALID_COMPRESSION: {
    status: 400,
    retryable: false,
    meaning: "The body could not be decompressed as content-encoding says.",
    advice: "Check that the body is compressed once, and with what the content-encoding header names.",
  },
  RUNREEL_REQUEST_CONTENT_TYPE: {
    status: 415,
    retryable: false,
    meaning: "The content type of the request is not one that this route reads.",
    advice: "OTLP comes as application/x-protobuf or application/json, everything else as application/json.",
  },
  RUNREEL_REQUEST_CONTENT_ENCODING: {
    status: 415,
    retryable: false,
    meaning: "The content encoding of the request is not known.",
    advice: "Use gzip, deflate, zstd, or no compression.",
  },
  RUNREEL_REQUEST_TOO_LARGE: {
    status: 413,
    retryable: false,
    meaning: "The body is larger than the collector accepts.",
    advice: "Send fewer spans in a request, or raise limits.requestMaxBytes.",
  },
  RUNREEL_REQUEST_INFLATED_TOO_LARGE: {
    status: 413,
    retryable: false,
    meaning: "The body is larger than the collector accepts once it is decompressed.",
    advice: "Send fewer spans in a request, or raise limits.inflatedMaxBytes.",
  },
  RUNREEL_REQUEST_TOO_MANY_SPANS: {
    status: 413,
    retryable: false,
    meaning: "The request has more spans than the collector takes at once.",
    advice: "Send fewer spans in a request; the batch processors of OpenTelemetry send 512.",
  },
  RUNREEL_REQUEST_INVALID: {
    status: 400,
    retryable: false,
    meaning: "A parameter or the body of an API request is not what the route expects.",
    advice: "Compare the request with /openapi.json.",
  },
  RUNREEL_REQUEST_UNAUTHORIZED: {
    status: 401,
    retryable: false,
    meaning: "The request carries no API key, or one that the collector does not know.",
    advice:
      "Send `authorization: Bearer <key>` with one of the keys in apiKeys; the SDK takes it from RUNREEL_API_KEY.",
  },
  RUNREEL_REQUEST_NO_ROUTE: {
    status: 404,
    retryable: false,
    meaning: "There is no such route.",
    advice: "The routes are listed in /openapi.json; OTLP traces go to POST /v1/traces.",
  },
  RUNREEL_RUN_NOT_FOUND: {
    status: 404,
    retryable: false,
    meaning: "No run with this id is stored.",
    advice:
      "List the runs with GET /api/runs; a run shows about a second after it was sent, and until retention drops it.",
  },
  RUNREEL_RUN_OVER: {
    status: 410,
    retryable: false,
    meaning: "The run was sampled out and has ended, so what it had recorded is gone.",
    advice: "Ask while it goes on, call run.keep(reason) in the program, or raise RUNREEL_SAMPLE there.",
  },
  RUNREEL_SPAN_NOT_FOUND: {
    status: 404,
    retryable: false,
    meaning: "The run has no span with this id.",
    advice: "GET /api/runs/{runId} lists the spans of the run.",
  },
  RUNREEL_CHECKPOINT_NOT_FOUND: {
    status: 404,
    retryable: false,
    meaning: "The run has no checkpoint that says what its state was there.",
    advice: "Record checkpoints with checkpoint(state), or with recordingSaver(saver) on LangGraph.",
  },
  RUNREEL_REPLAY_NOT_FOUND: {
    status: 404,
    retryable: false,
    meaning: "No replay with this id was begun.",
    advice: "Begin a replay with POST /api/replays; `runreel replay` does.",
  },
  RUNREEL_QUESTION_NOT_FOUND: {
    status: 404,
    retryable: false,
    meaning: "No such question is open. Questions live as long as the collector's process.",
    advice: "Treat the call as not confirmed. Start the replay again to be asked again.",
  },
  RUNREEL_QUESTION_ANSWERED: {
    status: 409,
    retryable: false,
    meaning: "The question has been answered; the first answer stands.",
    advice: "Read the answer with GET /api/replays/{id}.",
  },
  RUNREEL_REPLAY_TOO_MANY_QUESTIONS: {
    status: 429,
    retryable: true,
    meaning: "Too many questions of this replay are open.",
    advice: "Answer some of them first.",
  },
  RUNREEL_CONTENT_MISSING: {
    status: 404,
    retryable: false,
    meaning: "The content was not recorded, was dropped on the way, or is older than its retention.",
    advice: "Check RUNREEL_CONTENT at the sender and retention.contentDays here.",
  },
  RUNREEL_RUN_TOO_LARGE: {
    status: 422,
    retryable: false,
    meaning: "The run has more steps than this question can be answered for.",
    advice: "Ask for the runs one by one, or use POST /api/sql.",
  },
  RUNREEL_SQL_REFUSED: {
    status: 400,
    retryable: false,
    meaning: "ClickHouse refused the query: a mistake in it, or more than reading.",
    advice: "Send one SELECT over the tables of the database; SHOW TABLES lists them.",
  },
  RUNREEL_SQL_LIMIT: {
    status: 422,
    retryable: false,
    meaning: "The query took more time, memory or rows than a query may.",
    advice: "Narrow the time range, add a LIMIT, or raise the limits under query.",
  },
  RUNREEL_JOURNAL_FULL: {
    status: 503,
    retryable: true,
    meaning: "The journal has no room: spans come in faster than ClickHouse takes them, or the disk is full.",
    advice:
      "Keep the data and send it again after Retry-After. Look at ClickHouse and the disk; raise journal.maxBytes.",
  },
  RUNREEL_STORE_UNAVAILABLE: {
    status: 503,
    retryable: true,
    meaning: "ClickHouse did not answer, or answered with an error of its own.",
    advice: "Try again. What was acknowledged is safe in the journal; /readyz says what is wrong.",
  },
  RUNREEL_COLLECTOR_OVERLOADED: {
    status: 503,
    retryable: true,
    meaning: "Too many requests are in progress.",
    advice: "Send again after Retry-After.",
  },
  RUNREEL_COLLECTOR_STOPPING: {
    status: 503,
    retryable: true,
    meaning: "The collector is stopping.",
    advice: "Send again when it is back.",
  },
  RUNREEL_INTERNAL: {
    status: 500,
    retryable: false,
    meaning: "A defect of the collector.",
    advice: "Look into the collector's log and report it.",
  },
};

/** An expected failure with a stable code; the HTTP server turns it into `{error: {code, message, hint}}`. */
export class CollectorError extends Error {
  override readonly name = "CollectorError";
  readonly code: ErrorCode;
  /** How long the sender should wait before it tries again, in milliseconds. Only for retryable codes. */
  readonly retryAfterMs: number | null;

  /** @param message What happened, with the numbers that explain it. */
  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryAfterMs = errorTable[code].retryable ? (options.retryAfterMs ?? 1000) : null;
  }
}

/** The body of every answer that is not a success. */
export interface ErrorBody {
  error: { code: ErrorCode; message: string; hint: string };
}

/** The body that tells a client about `error`. */
export function errorBody(code: ErrorCode, message: string): ErrorBody {
  return { error: { code, message, hint: errorTable[code].advice } };
}
