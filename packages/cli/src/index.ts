/** The command as a library: what `runreel` on the command line runs. */
export { runCommand } from "./program.ts";
