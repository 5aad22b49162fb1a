import { wrongUse } from "../command-failure.ts";

/** One change to what is replayed; `path` is read by the SDK, which tries every edit before anything runs. */
export interface Edit {
  path: string;
  value: unknown;
}

const forms = "step.7.arguments.currency=NOK, step.6.result=…, or messages.3.content=…";

/**
 * Reads `path=value`. The value is JSON if it can be read as JSON, otherwise text: `5` is a number, `"5"` and `five` are text.
 *
 * @throws CommandFailure exit 2
 */
export function parseEdit(text: string): Edit {
  const at = text.indexOf("=");
  const path = text.slice(0, Math.max(0, at)).trim();
  if (at < 1 || path === "") throw wrongUse(`--set ${text}: expected path=value`, `For example --set ${forms}`);
  if (!/^(step[.[]\d+\]?\.(arguments|result|raw)|messages[.[]\d+)/.test(path)) {
    throw wrongUse(`--set ${path}: this path names nothing that can be changed`, `Expected ${forms}`);
  }
  return { path, value: valueOf(text.slice(at + 1)) };
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
