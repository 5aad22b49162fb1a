import { canonicalJson } from "@runreel/content";

/** An error as it stands on a span. */
export interface Failure {
  type: string;
  message: string;
  stack: string | undefined;
}

const MESSAGE_MAX_LENGTH = 4_096;
const STACK_MAX_LENGTH = 32_768;
const CAUSES_MAX_COUNT = 8;

/** Describes whatever was thrown; causes are told at the end of the stack. Never throws, whatever the error's getters do. */
export function describeFailure(error: unknown): Failure {
  try {
    const { type, message, stack } = describe(error);
    const causes = stack === undefined ? "" : causesOf(error);
    return {
      type,
      message: cut(message, MESSAGE_MAX_LENGTH),
      stack: stack === undefined ? undefined : cut(stack + causes, STACK_MAX_LENGTH),
    };
  } catch {
    return { type: "Error", message: "an error that cannot be read", stack: undefined };
  }
}

function describe(error: unknown): Failure {
  if (typeof error === "function") return { type: "function", message: `function ${error.name}`, stack: undefined };
  if (typeof error !== "object" || error === null)
    return { type: typeof error, message: String(error), stack: undefined };
  const { name, message, stack } = error as { name?: unknown; message?: unknown; stack?: unknown };
  return {
    type: typeOf(error, name),
    message: typeof message === "string" ? message : canonicalJson(error),
    stack: typeof stack === "string" ? stack : undefined,
  };
}

/** The name that an error gives itself. Many subclasses (those of the OpenAI client) keep the name `Error`: then it is their class. */
function typeOf(error: object, name: unknown): string {
  if (typeof name === "string" && name !== "" && name !== "Error") return name;
  const { constructor } = error as { constructor?: { name?: unknown } };
  return typeof constructor?.name === "string" && constructor.name !== "" ? constructor.name : "Error";
}

/** What has led to an error: the errors that an `AggregateError` stands for, and its cause, with what has led to them. */
function causesOf(error: unknown, told: Set<unknown> = new Set([error])): string {
  if (typeof error !== "object" || error === null) return "";
  const { cause, errors } = error as { cause?: unknown; errors?: unknown };
  let text = "";
  for (const one of Array.isArray(errors) ? errors.slice(0, CAUSES_MAX_COUNT) : []) text += origin("With", one, told);
  return cause === undefined ? text : text + origin("Caused by", cause, told);
}

function origin(how: string, error: unknown, told: Set<unknown>): string {
  if (told.has(error) || told.size > CAUSES_MAX_COUNT) return "";
  told.add(error);
  const { type, message, stack } = describe(error);
  return `\n${how}: ${stack ?? `${type}: ${message}`}${causesOf(error, told)}`;
}

function cut(text: string, maxLength: number): string {
  return text.length <= maxLength
    ? text
    : `${text.slice(0, maxLength)} [cut, ${maxLength} of ${text.length} characters kept]`;
}
