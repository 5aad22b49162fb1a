import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";

import type { CollectorClient } from "../client.ts";
import { wrongUse } from "../command-failure.ts";
import type { Edit } from "./parse-edit.ts";

/**
 * What a person changed in a state, as edits: `recorded` is the state at the checkpoint, `changed` the file made from it.
 *
 * A replay brings the program to its checkpoint by serving what was recorded, so only that can be changed which a recorded step or the
 * conversation put into the state: the content of messages. Whatever else was changed is refused rather than ignored.
 *
 * @throws CommandFailure exit 2, with every change that cannot be made
 */
export function stateEdits(recorded: unknown, changed: unknown): Edit[] {
  if (!isObject(recorded) || !isObject(changed)) {
    throw wrongUse("--state: expected a JSON object, as `runreel state RUN --at N --out file` writes it");
  }
  const edits: Edit[] = [];
  const faults: string[] = [];
  for (const key of new Set([...Object.keys(recorded), ...Object.keys(changed)])) {
    if (isDeepStrictEqual(recorded[key], changed[key])) continue;
    const [before, after] = [recorded[key], changed[key]];
    if (key !== "messages" || !Array.isArray(before) || !Array.isArray(after)) faults.push(key);
    else if (before.length !== after.length)
      faults.push(`messages (${before.length} recorded, ${after.length} in the file)`);
    else after.forEach((message, at) => compare(before[at], message, [String(at)], { edits, faults }));
  }
  if (faults.length === 0) return edits;
  throw wrongUse(
    `--state: these changes cannot be carried into the program: ${faults.join(", ")}`,
    "The members of messages can be changed. Arguments of a step are changed with --set step.N.arguments.PATH=value.",
  );
}

/** What --state changes, against the state before the first step that runs. */
export async function readStateEdits(
  client: CollectorClient,
  runId: string,
  from: number,
  file: string,
): Promise<Edit[]> {
  if (from < 2) throw wrongUse("--state needs --from 2 or later: before the first step there is no state");
  let changed: unknown;
  try {
    changed = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw wrongUse(`--state ${file}: ${(cause as Error).message}`);
  }
  const { state } = (await client.state(runId, from - 1)) as { state: unknown };
  return stateEdits(state, changed);
}

interface Found {
  edits: Edit[];
  faults: string[];
}

function compare(before: unknown, after: unknown, path: readonly string[], found: Found): void {
  if (isDeepStrictEqual(before, after)) return;
  const isSameList = Array.isArray(before) && Array.isArray(after) && before.length === after.length;
  const isMembers = isObject(before) && isObject(after) && Object.keys(before).every((key) => key in after);
  if (isSameList || isMembers) {
    for (const key of Object.keys(after)) {
      compare((before as Members)[key], (after as Members)[key], [...path, key], found);
    }
  } else if (path.length < 2 || after === undefined) found.faults.push(`messages.${path.join(".")}`);
  else found.edits.push({ path: ["messages", ...path].map(escaped).join("."), value: after });
}

type Members = Record<string, unknown>;

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Dots and brackets that belong to a key. */
const escaped = (key: string): string => key.replaceAll(/[\\.[\]]/g, String.raw`\$&`);
