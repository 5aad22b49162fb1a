// Proves that no value disturbs the host, wherever it is given to us: the host gets the very same result as without the SDK, everything
// is recorded and delivered, and a reader finds what could be kept and a marker for what could not.
import { checkpoint, flush, inference, run, start, status, step, tool } from "@runreel/sdk";
import { toPlain } from "@runreel/content";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { OtlpSink } from "../otlp-sink.ts";
import { sinkOfEachTest } from "../sink-of-each-test.ts";
import { badInputs } from "./cases.ts";

let sink: OtlpSink;
let told: string[];
const unhandled: unknown[] = [];
const onUnhandled = (error: unknown): void => void unhandled.push(error);

beforeEach(() => {
  process.on("unhandledRejection", onUnhandled);
});
afterEach(() => {
  process.off("unhandledRejection", onUnhandled);
});
sinkOfEachTest((one) => {
  sink = one;
  told = [];
});

const startHere = (): void =>
  start({
    endpoint: sink.endpoint,
    spool: false,
    flushIntervalMs: 60_000,
    diagnostics: (line) => void told.push(line),
  });

interface Place {
  /** Gives the value to us, and what the host has of it in the end. */
  use(value: never, name: string): unknown;
  /** Where its record stands: the name of the span, and the attribute. */
  record(name: string): { span: string; attribute: string };
}

const output = "runreel.content.output";
const input = "runreel.content.input";
const asked = (content: unknown) => ({ model: "m", messages: [{ role: "user", content }] });

/** Every place where a value of the host's comes in. */
const places: Record<string, Place> = {
  "a run's input": {
    use: (value, name) => run(name, () => "done", { input: value }),
    record: (name) => ({ span: name, attribute: input }),
  },
  "a run's result": {
    use: (value, name) => run(name, () => value),
    record: (name) => ({ span: name, attribute: output }),
  },
  "a run's later result": {
    use: (value, name) => run(name, async () => value),
    record: (name) => ({ span: name, attribute: output }),
  },
  "a tool's arguments": {
    use: (value, name) => tool({ name, execute: (args: unknown) => args })(value),
    record: (name) => ({ span: `execute_tool ${name}`, attribute: input }),
  },
  "a tool's result": {
    use: (value, name) => tool({ name, execute: () => value })(undefined),
    record: (name) => ({ span: `execute_tool ${name}`, attribute: output }),
  },
  "a question": {
    use: (value, name) =>
      inference(
        { ...asked(value), model: name },
        async ({ messages }) => (messages[0] as { content: unknown }).content,
      ),
    record: (name) => ({ span: `chat ${name}`, attribute: input }),
  },
  "a question in no known form": {
    use: (value, name) => inference({ model: name, messages: [value] }, async () => "answer"),
    record: (name) => ({ span: `chat ${name}`, attribute: input }),
  },
  instructions: {
    use: (value, name) => inference({ model: name, messages: [], system: value }, async () => "answer"),
    record: (name) => ({ span: `chat ${name}`, attribute: "runreel.content.system" }),
  },
  "tools on offer": {
    use: (value, name) => inference({ model: name, messages: [], tools: [value] }, async () => "answer"),
    record: (name) => ({ span: `chat ${name}`, attribute: "runreel.content.tools" }),
  },
  "an answer": {
    use: (value, name) => inference({ model: name, messages: [] }, async () => value),
    record: (name) => ({ span: `chat ${name}`, attribute: output }),
  },
  "an answer in a known form": {
    use: (value, name) =>
      inference({ model: name, messages: [] }, async () => ({
        choices: [{ message: { role: "assistant", content: value } }],
      })).then(({ choices }) => choices[0]!.message.content),
    record: (name) => ({ span: `chat ${name}`, attribute: output }),
  },
  "a step's result": {
    use: (value, name) => step(name, () => value),
    record: (name) => ({ span: name, attribute: output }),
  },
  "a state": {
    use: (value, name) => run(name, () => typeof checkpoint(value)),
    record: () => ({ span: "checkpoint", attribute: "runreel.content.state" }),
  },
};

interface Ended {
  value?: unknown;
  error?: unknown;
}

async function ended(use: () => unknown): Promise<Ended> {
  try {
    return { value: await use() };
  } catch (error) {
    return { error };
  }
}

/** Where large values are tried: one place for each way into the recording. */
const placesOfLarge = new Set(["a run's later result", "a tool's arguments", "a question", "a state"]);

describe.each(Object.entries(badInputs))("%s", (caseName, { make, shows, intact, isLarge }) => {
  const tried = Object.entries(places).filter(([name]) => isLarge !== true || placesOfLarge.has(name));

  test("is the same to the host and is recorded, wherever it is given", async () => {
    const value = make() as never;
    const without = new Map<string, Ended>();
    for (const [name, place] of tried) without.set(name, await ended(() => place.use(value, name)));
    startHere();
    for (const [name, place] of tried) {
      const { value: given, error } = await ended(() => place.use(value, name));
      const bare = without.get(name)!;
      expect.soft(error, `${caseName} as ${name} throws`).toBe(bare.error);
      expect.soft(Object.is(given, bare.value), `${caseName} as ${name} comes back changed`).toBe(true);
    }
    await intact?.(value);
    expect.soft(await flush()).toMatchObject({ dropped: 0, buffered: 0 });
    // A run and its checkpoint are two.
    expect(status()).toMatchObject({ recorded: tried.length + 1, dropped: {} });
    expect(told).toEqual([]);
    expect(unhandled.splice(0)).toEqual([]);
    for (const [name, place] of tried) {
      const { span, attribute } = place.record(name);
      const { attributes, status: ending } = sink.spans().find((one) => one.name === span)!;
      expect.soft(ending.code, name).toBe(0);
      const recorded = JSON.stringify(toPlain(await sink.content(attributes[attribute])));
      for (const text of shows) expect.soft(recorded.includes(text), `${text} in ${caseName} as ${name}`).toBe(true);
    }
  });
});
