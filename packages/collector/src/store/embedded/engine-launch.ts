/** What the parent tells the engine's process in the first line of its standard input, as JSON. Passwords stand neither in argv nor in the environment. */
export interface EngineLaunch {
  configFile: string;
  dataDir: string;
  url: string;
  /** The headers of a request that may kill the idle query. */
  stopHeaders: Record<string, string>;
}

/** The header that carries the key to the engine's HTTP door. */
export const GATE_HEADER = "X-Runreel-Engine";

/** Exit code of the engine's process when the engine's library cannot be loaded here. */
export const EXIT_NO_LIBRARY = 3;
