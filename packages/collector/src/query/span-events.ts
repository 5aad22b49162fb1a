import type { SpanRow } from "./read-spans.ts";
import type { StepError } from "./step.ts";

/** An event as it is stored: JSON text of a list of these. */
export interface SpanEvent {
  name: string;
  attributes: Record<string, unknown>;
}

/** The events of a span; none where the text is empty or cannot be read. */
export function parseEvents(text: string): SpanEvent[] {
  if (text === "") return [];
  try {
    const events: unknown = JSON.parse(text);
    return Array.isArray(events) ? (events as SpanEvent[]) : [];
  } catch {
    return [];
  }
}

/** What went wrong in a span: its exception, or at least its status. */
export function spanError(span: Pick<SpanRow, "status" | "statusMessage" | "errorType" | "events">): StepError | null {
  if (span.status !== "error") return null;
  const exception = parseEvents(span.events).findLast((event) => event.name === "exception")?.attributes ?? {};
  const text = (key: string): string | null => {
    const value = exception[key];
    return typeof value === "string" && value !== "" ? value : null;
  };
  return {
    name: text("exception.type") ?? (span.errorType || "Error"),
    message: text("exception.message") ?? span.statusMessage,
    stack: text("exception.stacktrace"),
  };
}
