// No value disturbs a program of LangChain because it is recorded, whatever door it comes in by: the program does what it does without us,
// all of its run arrives, and a reader finds what could be kept and a marker for what could not.
import { inspect } from "node:util";

import { toPlain } from "@runreel/content";
import { flush, shutdown, start } from "@runreel/sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { badInputs } from "../../../../sdk/test/bad-input/cases.ts";
import { createOtlpSink } from "../../../../sdk/test/otlp-sink.ts";
import { recordingSaver, runreelCallbacks, runreelMiddleware } from "../../src/index.ts";
import type { Ours, Way } from "../scenarios/scenario.ts";
import { UserCallbacks } from "../user-callbacks.ts";
import { programs } from "./programs.ts";
import type { Program } from "./programs.ts";

const unhandled: unknown[] = [];
const onUnhandled = (error: unknown): void => void unhandled.push(error);
beforeEach(() => {
  process.on("unhandledRejection", onUnhandled);
});
afterEach(async () => {
  await shutdown();
  process.off("unhandledRejection", onUnhandled);
});

/** What a user of the program sees, as texts that differ where it does. The host's own ids do, and stacks have our frames in them. */
async function seenBy(program: Program, value: unknown, ours: Omit<Ours, "callbacks">, watching: Ours["callbacks"]) {
  const user = new UserCallbacks();
  const seen: string[] = [];
  const see = (one: unknown): void => void seen.push(textOf(one));
  try {
    await program.run(value, { ...ours, callbacks: [user, ...watching] }, see);
  } catch (error) {
    see(
      error === value
        ? "threw the value itself"
        : error instanceof Error
          ? `threw ${error.name}: ${error.message}`
          : error,
    );
  }
  return [...seen, ...user.events];
}

const textOf = (value: unknown): string => {
  const text =
    typeof value === "string" ? value : inspect(value, { depth: 3, maxArrayLength: 10, maxStringLength: 200 });
  return text.replaceAll(/\n\s+at [^\n]*|[0-9a-f]{8}-[0-9a-f-]{27}/g, "");
};

const bare: Omit<Ours, "callbacks"> = { middleware: [], saver: (saver) => saver };

async function recordOf(program: Program, value: unknown, way: Way) {
  await using sink = await createOtlpSink();
  const told: string[] = [];
  start({
    endpoint: sink.endpoint,
    spool: false,
    flushIntervalMs: 60_000,
    diagnostics: (line) => void told.push(line),
  });
  const middleware = way === "callbacks" ? [] : [runreelMiddleware()];
  const callbacks = way === "middleware" ? [] : [runreelCallbacks()];
  const seen = await seenBy(program, value, { middleware, saver: recordingSaver }, callbacks);
  const { buffered, dropped } = await flush();
  await shutdown();
  const contents = sink
    .spans()
    .flatMap(({ attributes }) =>
      Object.entries(attributes).flatMap(([key, content]) => (key.startsWith("runreel.content.") ? [content] : [])),
    );
  const plain = await Promise.all(
    contents.map(async (content) => JSON.stringify(toPlain(await sink.content(content)))),
  );
  return { seen, told, lost: buffered + dropped, spans: sink.spans().length, record: plain.join("\n") };
}

describe.each(Object.entries(badInputs))("%s", (_, { make, shows, intact, isLarge }) => {
  const tried = Object.entries(programs).filter(([, { takesLarge }]) => isLarge !== true || takesLarge === true);

  test("changes nothing, and is recorded, by every door", async () => {
    for (const [name, program] of tried) {
      const without = await seenBy(program, make(), bare, []);
      const hasFailed = without.some((line) => line.startsWith("threw") || line.includes("error"));
      for (const way of program.ways) {
        const at = `${name}, by ${way}`;
        const value = make();
        const { seen, told, lost, spans, record } = await recordOf(program, value, way);
        expect.soft(seen, at).toEqual(without);
        expect.soft([told, lost, unhandled.splice(0)], at).toEqual([[], 0, []]);
        expect.soft(spans, at).toBeGreaterThan(0);
        if (hasFailed || !program.showsBy.includes(way)) continue;
        for (const text of shows) expect.soft(record.includes(text), `${text} in ${at}`).toBe(true);
        await intact?.(value as never);
      }
    }
  });
});
