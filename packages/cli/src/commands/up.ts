import type { Command } from "commander";

import { CommandFailure, exitCodes } from "../command-failure.ts";
import { createCommand, show, type CommandContext } from "../command-context.ts";

interface Options {
  listen?: string;
  data?: string;
  config?: string;
  json?: boolean;
}

/** `runreel up`: the collector with its embedded ClickHouse, in the foreground. */
export function upCommand(context: CommandContext): Command {
  return createCommand(
    "up",
    "Start the collector with an embedded ClickHouse; ctrl-c stores what has come and stops",
    `  runreel up
  runreel up --listen 127.0.0.1:0 --json     any free port, told as JSON once it listens
  CLICKHOUSE_URL=http://localhost:8123 runreel up`,
  )
    .option("--listen <host:port>", "the address (RUNREEL_LISTEN, 127.0.0.1:4318)")
    .option("--data <folder>", "journal and embedded database (RUNREEL_DATA, ./.runreel)")
    .option("--config <file>", "configuration in YAML (RUNREEL_CONFIG)")
    .action(async ({ listen, data, config: file, json }: Options) => {
      // Only this command needs the collector; the others start faster without it.
      const { createCollector, describeFaults, loadConfig } = await import("@runreel/collector");
      const loaded = loadConfig({
        environment: context.environment,
        overrides: overridesOf(context, { listen, data, file }),
        ...(file === undefined ? {} : { file }),
      });
      if (!loaded.ok) {
        throw new CommandFailure(exitCodes.wrongUse, describeFaults(loaded.faults), { code: "RUNREEL_CONFIG_INVALID" });
      }
      const { config } = loaded;
      const engine =
        config.clickhouse.url === null
          ? "an embedded ClickHouse"
          : `ClickHouse at ${new URL(config.clickhouse.url).host}`;
      context.tell(`Starting the collector with ${engine}, data in ${config.dataDir} ...`);
      const began = Date.now();
      const stopped = stopSignal();
      const collector = await createCollector(config);
      try {
        await collector.listen().catch(explainStart);
        const tookMs = Date.now() - began;
        show(
          context,
          json,
          { address: collector.address, tookMs },
          () => `Ready after ${tookMs} ms: ${collector.address}  (ctrl-c stops)`,
        );
        const signal = await stopped;
        context.tell(`${signal}: storing what has come ...`);
      } finally {
        await collector.stop();
      }
      context.tell("Stopped.");
    });
}

function overridesOf(
  { environment }: CommandContext,
  { listen, data, file }: { listen: string | undefined; data: string | undefined; file: string | undefined },
): Record<string, unknown> {
  const isConfigured = [file, environment["RUNREEL_CONFIG"], environment["RUNREEL_LOG_LEVEL"]].some(Boolean);
  return {
    ...(listen === undefined ? {} : { listen }),
    ...(data === undefined ? {} : { dataDir: data }),
    // Somebody at a terminal wants to read what is wrong; what goes well stands in the log of a service.
    ...(process.stderr.isTTY && !isConfigured ? { logLevel: "warn" } : {}),
  };
}

/** What kept the collector from starting, without the stack: data folder, ClickHouse or address. */
function explainStart(error: Error & { code?: string; hint?: string }): never {
  if (error.name !== "StartError") throw error;
  throw new CommandFailure(exitCodes.failed, error.message, {
    hint: error.hint,
    ...(error.code === undefined ? {} : { code: error.code }),
    cause: error,
  });
}

/** The first signal that asks us to stop. A second one ends the process at once. */
async function stopSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve(signal));
  return promise;
}
