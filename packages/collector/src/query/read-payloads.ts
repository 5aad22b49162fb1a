import type { Database } from "../model/database.ts";

/** Content that came inside a span, as its emitter wrote it: JSON where it is JSON, text where it is not. Null where nothing came. */
export interface Payload {
  input: unknown;
  output: unknown;
  system: unknown;
  tools: unknown;
}

interface PayloadRow extends Record<keyof Payload, string> {
  spanId: string;
}

const PAYLOADS = `
SELECT lower(hex(span_id)) AS spanId, input, output, system, tools
FROM payloads
WHERE project = {project:String} AND trace_id = toFixedString(unhex({runId:String}), 16) AND start >= fromUnixTimestamp64Nano({fromNano:Int64})
  AND start <= fromUnixTimestamp64Nano({toNano:Int64})
LIMIT 1 BY span_id`;

/** The payloads of a run's spans by span id. `spans` is the time that they started in, which says where to look. */
export async function readPayloads(
  database: Database,
  project: string,
  runId: string,
  spans: readonly { startNano: bigint }[],
): Promise<Map<string, Payload>> {
  const first = spans[0];
  const last = spans.at(-1);
  if (!first || !last) return new Map();
  const range = { fromNano: String(first.startNano), toNano: String(last.startNano) };
  const rows = await database.rows<PayloadRow>(PAYLOADS, { project, runId, ...range });
  return new Map(rows.map((row) => [row.spanId, payloadOf(row)]));
}

function payloadOf(row: PayloadRow): Payload {
  return { input: parse(row.input), output: parse(row.output), system: parse(row.system), tools: parse(row.tools) };
}

function parse(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
