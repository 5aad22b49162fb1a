import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A plan as a file that only its user can read; the recording in it may hold anything the agent has seen. */
export interface PlanFile {
  path: string;
  remove(): Promise<void>;
}

export async function writePlanFile(plan: object): Promise<PlanFile> {
  // mkdtemp makes a folder that nobody else may enter (0700).
  const folder = await mkdtemp(join(tmpdir(), "runreel-replay-"));
  const path = join(folder, "plan.json");
  await writeFile(path, JSON.stringify(plan), { mode: 0o600, flag: "wx" });
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}
