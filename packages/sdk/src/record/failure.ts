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
  if (typeof error !== "object" || error === null)
    return { type: typeof error, message: String(error), stack: undefined };
  const { name, message, stack } = error as { name?: unknown; message?: unknown; stack?: unknown };
  return {
    type: typeOf(error, name),
    message: typeof message === "string" ? message : JSON.stringify(error),
    stack: typeof stack === "string" ? stack : undefined,
  };
}

/** The name that an error gives itself. Many subclasses (those of the OpenAI client) keep the name `Error`: then it is their class. */
function typeOf(error: object, name: unknown): string {
  if (typeof name === "string" && name !== "" && name !== "Error") return name;
  return error.constructor?.name || "Error";
}

function causesOf(error: unknown): string {
  let text = "";
  const told = new Set([error]);
  let { cause } = error as { cause?: unknown };
  while (cause !== undefined && !told.has(cause) && told.size <= CAUSES_MAX_COUNT) {
    told.add(cause);
    const { type, message, stack } = describe(cause);
    text += `\nCaused by: ${stack ?? `${type}: ${message}`}`;
    cause = typeof cause === "object" && cause !== null ? (cause as { cause?: unknown }).cause : undefined;
  }
  return text;
}

function cut(text: string, maxLength: number): string {
  return text.length <= maxLength
    ? text
    : `${text.slice(0, maxLength)} [cut, ${maxLength} of ${text.length} characters kept]`;
}
