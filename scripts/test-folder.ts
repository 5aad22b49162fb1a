// Gives a test run one temporary folder for everything, and removes it with all that tests and the programs they have started left in it.
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Named after the process that runs the tests, so that several runs keep apart. */
export const testFolder: string = join(tmpdir(), `runreel-tests-${process.pid}`);

export function setup(): void {
  mkdirSync(testFolder, { recursive: true });
}

export function teardown(): void {
  // Programs that a test has left behind may still write.
  rmSync(testFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
