import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";

/** No command of the demo takes longer, unless it waits for something that will not come. */
const commandMaxMs = 60_000;

export interface Ended {
  code: number | null;
  output: string;
}

type Environment = Record<string, string | undefined>;

/** Children of the demo. Whatever is started here is stopped here. */
export class Processes implements AsyncDisposable {
  readonly #environment: Environment;
  readonly #running: ChildProcess[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Starts a server and waits for the first line it prints. */
  async serve(script: string, parameters: readonly string[], environment: Environment = {}): Promise<string> {
    const child = spawn(process.execPath, [script, ...parameters], {
      env: { ...this.#environment, ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#running.push(child);
    const lines = createInterface({ input: child.stdout });
    const line = once(lines, "line").then(([text]) => text as string);
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`${script} ended with ${String(code)} before it was ready`);
    });
    return Promise.race([line, ended]);
  }

  /**
   * Runs a command to its end. Its output is kept and, unless `isQuiet`, shown as it comes.
   *
   * @param answers what a person types, each when the text before it has appeared
   */
  async run(
    script: string,
    parameters: readonly string[],
    options: { isQuiet?: boolean; environment?: Environment; answer?: { after: string; text: string } } = {},
  ): Promise<Ended> {
    const { answer } = options;
    const child = spawn(process.execPath, [script, ...parameters], {
      env: { ...this.#environment, ...options.environment },
      stdio: [answer ? "pipe" : "ignore", "pipe", "pipe"],
    });
    this.#running.push(child);
    let output = "";
    let isAnswered = false;
    const take = (stream: NodeJS.WriteStream) => (chunk: Buffer) => {
      const text = chunk.toString();
      output += text;
      if (!options.isQuiet) stream.write(text);
      if (answer && !isAnswered && output.includes(answer.after)) {
        isAnswered = true;
        child.stdin?.end(`${answer.text}\n`);
      }
    };
    child.stdout?.on("data", take(process.stdout));
    child.stderr?.on("data", take(process.stderr));
    const tooLong = setTimeout(() => child.kill("SIGKILL"), commandMaxMs);
    const [code] = (await once(child, "close")) as [number | null];
    clearTimeout(tooLong);
    return { code, output };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#running.toReversed()) await stop(child);
  }
}

const patienceMs = 15_000;

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const isGone = await Promise.race([exited.then(() => true), wait(patienceMs, false, { ref: false })]);
  if (!isGone) child.kill("SIGKILL");
}

/** The wanted port when nobody listens there, otherwise any free one. */
export async function freePort(wanted: number): Promise<number> {
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(wanted, "127.0.0.1", () => resolve(true));
  });
  if (!isFree) return freePort(0);
  const address = server.address();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  await promise;
  return typeof address === "object" && address ? address.port : wanted;
}
