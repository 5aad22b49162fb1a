import type { SentSpan } from "./read-spans.ts";

/** A request of the host's in which a task ran. */
export interface HostRequest {
  task: string;
  traceId: string;
  spanId: string;
}

/**
 * The spans that do not stand where they belong: in a trace with another task's spans or request, below a span that never came or that is
 * another task's, or without a parent beside the one root that a task has.
 */
export function misplacedSpans(spans: readonly SentSpan[], requests: readonly HostRequest[] = []): SentSpan[] {
  const requestIds = new Map(requests.map((request) => [request.spanId, request.task]));
  const byId = new Map(spans.map((span) => [span.id, span]));
  const ownSpans = spans.filter(({ id }) => !requestIds.has(id));

  // A request's trace is its task's. Another trace is that of the first task whose root is in it, or else of the first span.
  const owners = new Map(requests.map(({ traceId, task }) => [traceId, task]));
  const isRoot = ({ parentId }: SentSpan): boolean => parentId === "" || requestIds.has(parentId);
  for (const span of [...ownSpans.filter(isRoot), ...ownSpans]) {
    const task = span.task ?? byId.get(span.parentId)?.task;
    if (task !== undefined && !owners.has(span.traceId)) owners.set(span.traceId, task);
  }

  const rooted = new Set<string>();
  return ownSpans.filter((span) => {
    const owner = owners.get(span.traceId);
    const task = span.task ?? owner;
    if (task !== owner) return true;
    if (isRoot(span)) {
      if (requestIds.has(span.parentId) && requestIds.get(span.parentId) !== task) return true;
      const isSecond = rooted.has(task ?? "");
      rooted.add(task ?? "");
      return isSecond;
    }
    const parent = byId.get(span.parentId);
    return parent === undefined || (parent.task ?? owner) !== task;
  });
}
