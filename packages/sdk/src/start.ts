import { randomUUID } from "node:crypto";

import { resourceFromAttributes } from "@opentelemetry/resources";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import type { ReadableSpan, SpanLimits } from "@opentelemetry/sdk-trace";
import { canonicalJson, contentHash } from "@runreel/content";
import {
  GENAI_SCHEMA_URL,
  RUNREEL_CONTENT_MODE,
  SERVICE_INSTANCE_ID,
  SERVICE_NAME,
  SERVICE_VERSION,
} from "@runreel/semconv";

import { SpanBuffer } from "./buffer/buffer.ts";
import { codecs } from "./content/codecs.ts";
import { ContentWriter } from "./content/content-writer.ts";
import { createDiagnostics } from "./diagnostics.ts";
import { AttributeEncoder } from "./encode/attribute-encoder.ts";
import { BackwardWriter } from "./encode/backward-writer.ts";
import { BodyMemory } from "./encode/body-memory.ts";
import { BlobEncoder } from "./encode/encode-blob.ts";
import type { Origin } from "./encode/origin.ts";
import { writeRequest } from "./encode/write-request.ts";
import type { RequestParts } from "./encode/write-request.ts";
import { writeSpan } from "./encode/write-span.ts";
import { createSender } from "./export/sender.ts";
import type { SenderOptions } from "./export/sender.ts";
import { packBody } from "./export/packed-body.ts";
import { ExportLoop } from "./export/export-loop.ts";
import { globalState, strangers } from "./global-state.ts";
import { listenTo } from "./host-listener.ts";
import { joinHost } from "./joining.ts";
import { sendAtExit } from "./last-request.ts";
import { parseOptions } from "./options.ts";
import type { Options, StartOptions } from "./options.ts";
import { putAside } from "./put-aside.ts";
import { BufferingProcessor } from "./record/buffering-processor.ts";
import { createClock } from "./record/clock.ts";
import { createRecorder } from "./record/create-recorder.ts";
import { blockedRecorder, inertRecorder } from "./record/inert-recorder.ts";
import type { Recorder } from "./record/recorder.ts";
import { HeadSampler } from "./sample/head-sampler.ts";
import { createRedactor } from "./redact/create-redactor.ts";
import type { Redactor } from "./redact/create-redactor.ts";
import { ProcessReporter } from "./report/process-reporter.ts";
import { ReportedSource } from "./report/reported-source.ts";
import { createReplay } from "./replay/create-replay.ts";
import { readReplayPlan } from "./replay/read-plan.ts";
import type { Replay } from "./replay/replay.ts";
import { createShelter } from "./spool/shelter.ts";
import { createSampling } from "./sampling.ts";
import { createSession } from "./session.ts";
import type { Session } from "./session.ts";
import { Ledger } from "./status.ts";
import { version } from "./version.ts";

/**
 * Starts recording. Call it once, before the agent runs; a second call does nothing.
 *
 * @throws RunreelOptionsError when options or environment are wrong, with all faults at once
 * @throws RunreelReplayError when `RUNREEL_REPLAY` is set and its plan cannot be read
 */
export function start(given: StartOptions = {}): void {
  const state = globalState<Session>();
  if (state.session !== undefined && state.session.state !== "stopped") return;
  const options = parseOptions(given, process.env);
  state.session = options.isDisabled ? undefined : connect(options);
  state.isDisabled = options.isDisabled;
  if (options.host !== undefined) listenTo(options.host);
}

/** What everything is recorded with: the started one, or one that does nothing. */
export function recorder(): Recorder {
  const started = session();
  if (started?.state === "recording") return started.recorder;
  return process.env["RUNREEL_REPLAY"] === undefined ? inertRecorder : blockedRecorder;
}

/** The started SDK of this process, whichever copy of this package started it. */
export function session(): Session | undefined {
  return globalState<Session>().session;
}

/** The picture: record → encode → buffer → export, with content and replay beside. Downstream first. */
function connect(options: Options): Session {
  const diagnostics = createDiagnostics(options.diagnostics);
  for (const stranger of strangers()) {
    diagnostics(
      `another version of @runreel/sdk (${stranger}) records in this process and cannot share a recorder with version ${version}: ` +
        "each records what is called on it alone. Install one version of it",
    );
  }
  const ledger = new Ledger();
  const now = createClock();
  const origin = describeOrigin(options);
  const endpoint: SenderOptions = {
    endpoint: options.endpoint,
    headers: options.headers,
    timeoutMs: options.exportTimeoutMs,
    compression: options.compression,
  };

  const redactor = options.redaction === false ? undefined : createRedactor(options.redaction);
  const replay = options.replayPlan === undefined ? undefined : openReplay(options.replayPlan, redactor);
  const attributes = new AttributeEncoder(redactor);
  const blobs = new BlobEncoder(now);
  const contentOptions = { mode: options.content, codecs: codecs(), redactor };
  const content = new ContentWriter({
    ...contentOptions,
    putBlob: (type, data) => {
      const { hash, bytes } = blobs.encode(type, data, (hash) => buffer.hasBlob(hash));
      return { hash, isKept: bytes === undefined || buffer.addBlob(hash, bytes) };
    },
    hasRoom: () => buffer.bytes < options.bufferMaxBytes / 2,
  });
  const memory = new BodyMemory();
  const write = (parts: RequestParts): Uint8Array => writeRequest(parts, { origin, time: now(), attributes, memory });
  const reporter = options.processReports
    ? new ProcessReporter({ ledger, now, wake: () => exporter.wake(0) })
    : undefined;
  const buffer = new SpanBuffer({
    maxBytes: options.bufferMaxBytes,
    ledger,
    startRecords: options.startRecords,
    onContentLost: () => content.forget(),
    onContentGone: () => {
      content.forget();
      sampling.forgetContent();
    },
    beforeTake: () => sampling.sendUsage(),
    hasLate: () => sampling.hasUsage,
    write: (parts) => {
      const load = { spans: parts.spans.length, content: parts.blobs.length };
      return write({ ...parts, report: reporter?.along(load, buffer.isEmpty) });
    },
    giveBack: (body) => memory.giveBack(body),
    pack: packBody,
  });
  const reports = reporter === undefined ? undefined : new ReportedSource({ source: buffer, reporter, write });
  const exporter = new ExportLoop({
    source: reports ?? buffer,
    send: createSender({ ...endpoint, processId: String(origin.resource.attributes[SERVICE_INSTANCE_ID]) }),
    ledger,
    diagnostics,
    intervalMs: options.flushIntervalMs,
    onAsks: ({ blobs, keep }) => {
      if (blobs.length > 0) buffer.forgetBlobs(blobs);
      for (const { runId, reason } of keep) sampling.keep(runId, reason);
    },
  });
  const writer = new BackwardWriter();
  const encode = (span: ReadableSpan): Uint8Array => {
    writer.reset();
    writeSpan(writer, span, attributes);
    return writer.written;
  };
  const inner = { buffer, ledger, attributes, encode, now, blobs, content, contentOptions };
  const sampling = createSampling({ ...inner, ringMaxBytes: options.ringMaxBytes });
  const processor = new BufferingProcessor(sampling, exporter, ledger);
  const joining = joinHost({
    host: options.host,
    origin,
    redactor,
    record: (span) => processor.onEnd(span),
    isContentKept: options.content !== "none",
    onFault: (error) => diagnostics(`a span of the host's own tracing was not recorded: ${String(error)}`),
  });
  const provider = new TracerProvider({
    resource: origin.resource,
    sampler: new HeadSampler(options.sample),
    spanLimits,
    spanProcessors: [processor],
    ...(joining.ids === undefined ? {} : { idGenerator: joining.ids }),
  });
  const waiting: (() => void)[] = [];
  const recorder = createRecorder({
    tracer: provider.getTracer(origin.scope.name, version, { schemaUrl: GENAI_SCHEMA_URL }),
    content: content.write,
    sampledOutContent: (traceId) => sampling.contentOf(traceId),
    activeSpan: globalState().activeSpan,
    twins: joining.twins,
    now,
    replay,
    onFlush: (listener) => waiting.push(listener),
    keep: (traceId, reason) => {
      if (sampling.keep(traceId, reason)) exporter.wake();
    },
    onFault: (error) => diagnostics(`something was not recorded: ${String(error)}`),
  });
  const endWaiting = (): void => {
    for (const listener of waiting) {
      try {
        listener();
      } catch (error) {
        diagnostics(`an adapter could not end what waits: ${String(error)}`);
      }
    }
  };
  const shelter =
    options.spoolFolder === undefined
      ? undefined
      : createShelter({
          folder: options.spoolFolder,
          maxBytes: options.spoolMaxBytes,
          send: createSender(endpoint),
          sendAtExit: (folder, writer) => sendAtExit({ options: endpoint, folder, writer }),
          ledger,
          diagnostics,
        });
  return createSession({
    recorder,
    hostSpans: joining.hostSpans,
    buffer,
    exporter,
    ledger,
    endWaiting,
    keepUnfinished: () => sampling.keepUnfinished(),
    reporter,
    putAside: () => putAside({ exporter, shelter, reports, write }),
    sendAtExit: () => {
      if (exporter.isEndpointWell) shelter?.sendAtExit();
    },
  });
}

/** Above what is ever recorded, and still limits; OpenTelemetry's own are 128. */
const spanLimits: SpanLimits = {
  attributeCountLimit: 1_024,
  attributeValueLengthLimit: 512 * 1024,
  eventCountLimit: 10_000,
  linkCountLimit: 1_024,
  attributePerEventCountLimit: 128,
  attributePerLinkCountLimit: 128,
};

function openReplay(path: string, redactor: Redactor | undefined): Replay {
  return createReplay({
    plan: readReplayPlan(path),
    codecs: codecs(),
    hash: (value) => contentHash(value, { codecs: codecs(), redactor }),
    redact: (value) => JSON.parse(canonicalJson(value, { codecs: codecs(), redactor })) as unknown,
  });
}

function describeOrigin(options: Options): Origin {
  const resource = resourceFromAttributes({
    [SERVICE_NAME]: options.serviceName,
    [SERVICE_INSTANCE_ID]: randomUUID(),
    [RUNREEL_CONTENT_MODE]: options.content,
    "telemetry.sdk.language": "nodejs",
    "telemetry.sdk.name": "runreel",
    "telemetry.sdk.version": version,
    ...(options.serviceVersion === undefined ? {} : { [SERVICE_VERSION]: options.serviceVersion }),
  });
  return { resource, scope: { name: "@runreel/sdk", version, schemaUrl: GENAI_SCHEMA_URL } };
}
