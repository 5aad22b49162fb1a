import { spawnSync } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { serialize } from "node:v8";

import type { ReadableSpan } from "@opentelemetry/sdk-trace";

import type { SenderOptions } from "./sender.ts";

/** What can be cloned of a span; its functions and prototypes cannot. */
export type ClonedSpan = Omit<ReadableSpan, "spanContext" | "resource"> & {
  context: ReturnType<ReadableSpan["spanContext"]>;
  resource: { attributes: ReadableSpan["resource"]["attributes"] };
};

/** What the program is given on its standard input. */
export interface LastRequest {
  options: SenderOptions;
  requests: ClonedSpan[][];
}

const program = fileURLToPath(new URL(`./last-request-program${extname(import.meta.filename)}`, import.meta.url));

const TIMEOUT_MS = 3_000;

/**
 * Sends requests while the process is ending, when nothing asynchronous happens any more: by a process of our own that is waited for.
 *
 * Takes a fifth of a second, three at most. Returns whether all was delivered.
 */
export function sendAtExit(requests: readonly ReadableSpan[][], options: SenderOptions): boolean {
  const timeoutMs = Math.min(options.timeoutMs, TIMEOUT_MS - 500);
  const input: LastRequest = { options: { ...options, timeoutMs }, requests: requests.map(cloned) };
  const { status } = spawnSync(process.execPath, [program], {
    input: serialize(input),
    stdio: ["pipe", "ignore", "ignore"],
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
    windowsHide: true,
    // The host's own preloads have no business here.
    env: { ...process.env, NODE_OPTIONS: "", ELECTRON_RUN_AS_NODE: "1" },
  });
  return status === 0;
}

function cloned(spans: readonly ReadableSpan[]): ClonedSpan[] {
  // One object for one origin: the serializer of the exporter groups by identity, which a clone keeps.
  const resources = new Map<ReadableSpan["resource"], ClonedSpan["resource"]>();
  return spans.map((span) => {
    const resource = resources.get(span.resource) ?? { attributes: span.resource.attributes };
    resources.set(span.resource, resource);
    return {
      name: span.name,
      kind: span.kind,
      context: plainContext(span.spanContext()),
      ...(span.parentSpanContext === undefined ? {} : { parentSpanContext: plainContext(span.parentSpanContext) }),
      startTime: span.startTime,
      endTime: span.endTime,
      duration: span.duration,
      ended: span.ended,
      status: span.status,
      attributes: span.attributes,
      links: span.links.map((link) => ({ ...link, context: plainContext(link.context) })),
      events: span.events,
      resource,
      instrumentationScope: span.instrumentationScope,
      droppedAttributesCount: span.droppedAttributesCount,
      droppedEventsCount: span.droppedEventsCount,
      droppedLinksCount: span.droppedLinksCount,
    };
  });
}

/** A trace state is an object with methods; ours never has one. */
function plainContext({ traceId, spanId, traceFlags, isRemote }: ReturnType<ReadableSpan["spanContext"]>) {
  return { traceId, spanId, traceFlags, ...(isRemote === undefined ? {} : { isRemote }) };
}
