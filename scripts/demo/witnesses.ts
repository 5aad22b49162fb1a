import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What really happened, told by those to whom it happened: the tools, the model server and the outbox. None knows of Runreel. */
export interface Witnesses {
  toolCalls: Record<string, number>;
  /** Requests by turn of the conversation: turns 0, 1, 2 are steps 1, 4, 6 and turns 3, 4, 5 are steps 8, 10, 12. */
  modelRequestsByTurn: number[];
  mails: { to: string; subject: string; body: string }[];
}

const turns = 6;

export async function askWitnesses(agentFolder: string, modelUrl: string): Promise<Witnesses> {
  const [calls, outbox, answer] = await Promise.all([
    linesOf(join(agentFolder, "tool-calls.log")),
    linesOf(join(agentFolder, "outbox.jsonl")),
    fetch(new URL("/count", modelUrl)),
  ]);
  const { requestsByTurn } = (await answer.json()) as { requestsByTurn: number[] };
  const toolCalls: Record<string, number> = {};
  for (const name of calls) toolCalls[name] = (toolCalls[name] ?? 0) + 1;
  return {
    toolCalls,
    modelRequestsByTurn: Array.from({ length: turns }, (_, turn) => requestsByTurn[turn] ?? 0),
    mails: outbox.map((line) => JSON.parse(line) as Witnesses["mails"][number]),
  };
}

/** What happened between two askings. */
export function since(before: Witnesses, after: Witnesses): Witnesses {
  const names = Object.keys(after.toolCalls);
  const count = (name: string): number => (after.toolCalls[name] ?? 0) - (before.toolCalls[name] ?? 0);
  return {
    toolCalls: Object.fromEntries(names.filter((name) => count(name) > 0).map((name) => [name, count(name)])),
    modelRequestsByTurn: after.modelRequestsByTurn.map(
      (requests, turn) => requests - before.modelRequestsByTurn[turn]!,
    ),
    mails: after.mails.slice(before.mails.length),
  };
}

async function linesOf(path: string): Promise<string[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.split("\n").filter(Boolean);
}
