// Proves that no call disturbs the host, whatever it is given for names, options, functions and errors, and whatever becomes of it: what is
// thrown is what would have been thrown without the SDK, and the record tells it.
import { checkpoint, flush, inference, reasoning, run, start, status, step, tool } from "@runreel/sdk";
import { recorder } from "@runreel/sdk/adapter";
import { toPlain } from "@runreel/content";
import { expect, test } from "vitest";

import type { OtlpSink } from "../otlp-sink.ts";
import { sinkOfEachTest } from "../sink-of-each-test.ts";

let sink: OtlpSink;
let told: string[];

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

const no = (): never => {
  throw new Error("No trespassing");
};

/** What a caller without types does. */
const anything = (value: unknown): never => value as never;

async function errorOf(fn: () => unknown): Promise<unknown> {
  try {
    await fn();
  } catch (error) {
    return { thrown: error };
  }
  return "nothing was thrown";
}

const thrownOnes: [string, unknown, { type: string; message: string }][] = [
  ["undefined", undefined, { type: "undefined", message: "undefined" }],
  ["null", null, { type: "object", message: "null" }],
  ["a text", "just so", { type: "string", message: "just so" }],
  ["a symbol", Symbol("odd"), { type: "symbol", message: "Symbol(odd)" }],
  ["a function", no, { type: "function", message: "function no" }],
  ["an object", { code: 7, big: 8n }, { type: "Object", message: '{"big":{"$bigint":"8"},"code":7}' }],
  ["a circle", circle(), { type: "Object", message: '{"me":{"$omitted":"circular"}}' }],
  [
    "nothing readable",
    {
      get message(): never {
        return no();
      },
    },
    { type: "Error", message: "an error that cannot be read" },
  ],
  ["an error without a name", Object.assign(new Error("m"), { name: "" }), { type: "Error", message: "m" }],
  [
    "an object whose class has no name",
    { constructor: { name: 5 } },
    { type: "Error", message: '{"constructor":{"name":5}}' },
  ],
];

function circle(): unknown {
  const value: Record<string, unknown> = {};
  value["me"] = value;
  return value;
}

test.each(thrownOnes)("%s is thrown on as it is, and recorded as a failure", async (_, thrown, { type, message }) => {
  const throwIt = (): never => {
    throw thrown;
  };
  startHere();
  const all: Record<string, () => unknown> = {
    sync: () => run("sync", throwIt),
    later: () => run("later", async () => throwIt()),
    step: () => step("step", throwIt),
    "execute_tool tool": () => tool({ name: "tool", execute: throwIt })(1),
    "chat model": () => inference({ model: "model", messages: [] }, throwIt),
  };
  for (const [name, fail] of Object.entries(all)) {
    const caught = (await errorOf(fail)) as { thrown: unknown };
    expect(Object.is(caught.thrown, thrown), name).toBe(true);
  }
  await flush();
  expect(told).toEqual([]);
  for (const name of Object.keys(all)) {
    const { status: ending, attributes, events } = sink.spans().find((span) => span.name === name)!;
    expect(ending, name).toEqual({ code: 2, message });
    expect(attributes["error.type"], name).toBe(type);
    expect(events, name).toMatchObject([{ name: "exception", attributes: { "exception.message": message } }]);
  }
});

test("the errors that led to an error are told with it", async () => {
  startHere();
  const error = new AggregateError([new Error("first"), "second"], "all of them", { cause: new TypeError("deep") });
  await errorOf(() =>
    run("run", () => {
      throw error;
    }),
  );
  await flush();
  const stack = sink.spans()[0]!.events[0]!.attributes["exception.stacktrace"] as string;
  expect(stack).toMatch(
    /AggregateError: all of them[^]*With: Error: first[^]*With: string: second[^]*Caused by: TypeError: deep/,
  );
});

test("a tool of something that is no function fails when it is called, as it would without us", async () => {
  const calls = (): unknown[] => [
    () => tool(anything(undefined))(1),
    () => tool(anything(null))(1),
    () => tool(anything({ name: "no function", execute: "none" }))(1),
    () =>
      tool(
        anything({
          get name(): never {
            return no();
          },
          execute: no,
        }),
      )(1),
    () => step("no function", anything(5)),
    () => inference({ model: "m", messages: [] }, anything(undefined)),
    () => run("no function", anything({})),
  ];
  const errorsOf = async (): Promise<unknown[]> => {
    const errors: unknown[] = [];
    for (const call of calls())
      errors.push(((await errorOf(call as () => unknown)) as { thrown: Error }).thrown.constructor);
    return errors;
  };
  const without = await errorsOf();
  expect(without).toEqual([TypeError, TypeError, TypeError, Error, TypeError, TypeError, TypeError]);
  startHere();
  expect(await errorsOf()).toEqual(without);
  await flush();
  expect(told).toEqual([]);
  expect(sink.spans().map(({ status: { code } }) => code)).toEqual(without.map(() => 2));
});

test("names, options and requests that are none are recorded as well as can be", async () => {
  startHere();
  const hostile = { toString: no };
  const trap = new Proxy({}, { get: no, ownKeys: no });
  const names = [5, undefined, null, Symbol("s"), hostile, trap, {}, [], "", "x".repeat(5_000_000), "\ud800", () => 1];
  for (const name of names) {
    expect(run(anything(name), () => "result")).toBe("result");
    expect(await step(anything(name), () => "result")).toBe("result");
    expect(await tool({ name: anything(name), execute: () => "result" })(1)).toBe("result");
    expect(await inference({ model: anything(name), messages: [] }, () => "result")).toBe("result");
  }
  const options = [
    null,
    trap,
    5,
    { agent: null, conversationId: {}, traceparent: 5, tracestate: {} },
    { agent: trap },
    { input: trap },
  ];
  for (const option of options) {
    expect(run("run", () => "result", anything(option))).toBe("result");
    expect(await step("step", () => "result", anything(option))).toBe("result");
  }
  const requests = [
    undefined,
    null,
    5,
    "text",
    trap,
    {},
    { model: "m", messages: null },
    { model: "m", messages: 7, parameters: null, tools: trap, system: trap },
  ];
  for (const request of requests) {
    expect(await inference(anything(request), (given) => given === (request as never))).toBe(true);
  }
  const messages = [
    trap,
    null,
    5,
    "text",
    { role: trap },
    { role: "user" },
    { role: "tool", tool_call_id: {}, content: 5n },
  ];
  expect(await inference({ model: "m", messages }, (given) => given.messages === messages)).toBe(true);
  checkpoint(trap, anything({}));
  reasoning(anything(7));
  reasoning(anything(trap));
  expect(await flush()).toMatchObject({ dropped: 0, buffered: 0 });
  // Of an agent that cannot be read nothing can be told but this.
  expect(told).toEqual(["runreel: something was not recorded: Error: No trespassing"]);
  expect(sink.spans()).toHaveLength(names.length * 4 + options.length * 2 + requests.length + 2);
  for (const {
    name,
    status: { code },
  } of sink.spans())
    expect([name.length <= 1_100, code]).toEqual([true, 0]);
  const last = sink
    .spans()
    .find(
      ({ attributes }) =>
        attributes["runreel.content.input"] !== undefined && attributes["gen_ai.request.model"] === "m",
    )!;
  expect(last).toBeDefined();
});

test("what is said of a span twice, late or in no form for it disturbs nothing", async () => {
  startHere();
  const span = recorder().beginTool({ name: "tool", arguments: {}, effect: "read" });
  span.setAttributes(
    anything({
      kept: "yes",
      big: 5n,
      list: ["a", 5, Symbol("s")],
      long: "x".repeat(600_000),
      none: null,
      nan: Number.NaN,
    }),
  );
  span.setAttributes(
    anything({
      get bad(): never {
        return no();
      },
    }),
  );
  span.setAttributes(anything(null));
  span.end({ output: "first" });
  span.end({ output: "second", error: new Error("third") });
  span.setAttributes({ late: true });
  expect(span.run(() => "still runs")).toBe("still runs");
  await flush();
  expect(status()).toMatchObject({ recorded: 1, delivered: 1 });
  const [{ attributes, status: ending } = expect.fail()] = sink.spans();
  expect(ending.code).toBe(0);
  expect(attributes).toMatchObject({
    kept: "yes",
    list: ["a"],
    long: expect.stringMatching(/x \[runreel: cut, 524288 of 600000 characters kept\]$/),
  });
  for (const absent of ["late", "big", "none"]) expect(attributes).not.toHaveProperty(absent);
  expect(toPlain(await sink.content(attributes["runreel.content.output"]))).toBe("first");
});

test("a run whose promise never settles is seen, and keeps nothing waiting", async () => {
  startHere();
  const never = run("endless", () => new Promise<never>(() => {}));
  const stuck = step("stuck", () => new Promise<never>(() => {}));
  expect([never, stuck].every((promise) => promise instanceof Promise)).toBe(true);
  expect(await flush()).toMatchObject({ dropped: 0, buffered: 0 });
  expect(sink.startRecords().map(({ name }) => name)).toContain("endless");
  expect(sink.spans()).toEqual([]);
});

test("a promise of a class of its own stays what it is, and does its work inside the run and once", async () => {
  let asked = 0;
  class Query<T> implements PromiseLike<T> {
    readonly rows = "its own method";
    readonly #work: () => Promise<T>;
    constructor(work: () => Promise<T>) {
      this.#work = work;
    }
    // oxlint-disable-next-line unicorn/no-thenable
    then<A = T, B = never>(
      ok?: ((value: T) => A | PromiseLike<A>) | null,
      bad?: ((error: unknown) => B | PromiseLike<B>) | null,
    ): Promise<A | B> {
      asked += 1;
      return this.#work().then(ok, bad);
    }
  }
  class Richer<T> extends Promise<T> {
    readonly extra = "kept";
  }
  startHere();
  const query = new Query(() => step("inside", () => 42));
  const given = run("query", () => query);
  expect(given).toBe(query);
  expect(asked).toBe(0);
  expect(await given).toBe(42);
  expect(asked).toBe(1);
  const richer = new Richer<string>((resolve) => resolve("rich"));
  expect(run("richer", () => richer)).toBe(richer);
  expect(await richer).toBe("rich");
  const failing = new Query(() => Promise.reject(new Error("no rows")));
  await expect(run("failing", () => failing)).rejects.toThrow("no rows");
  const frozen = Object.freeze(new Query(async () => 7));
  expect(run("frozen", () => frozen)).toBe(frozen);
  expect(await frozen).toBe(7);
  // oxlint-disable-next-line unicorn/no-thenable
  const trap = Object.defineProperty({}, "then", { get: no });
  expect(run("trap", () => trap)).toBe(trap);
  await flush();
  const [inside, root] = ["inside", "query"].map((name) => sink.spans().find((span) => span.name === name)!);
  expect(inside!.parentSpanId).toBe(root!.spanId);
  expect(await sink.content(root!.attributes["runreel.content.output"])).toBe(42);
  expect(sink.spans().map(({ name, status: { code } }) => [name, code])).toEqual([
    ["inside", 0],
    ["query", 0],
    ["richer", 0],
    ["failing", 2],
    ["frozen", 0],
    ["trap", 0],
  ]);
});

test("where the async context is lost, a step is a run of its own", async () => {
  startHere();
  let later: (() => Promise<number>) | undefined;
  await run("run", async () => {
    await step("within", () => 1);
  });
  later = () => step("outside", () => 2);
  expect(await later()).toBe(2);
  expect(status().recorded).toBe(3);
  await flush();
  const [within, outside] = ["within", "outside"].map((name) => sink.spans().find((span) => span.name === name)!);
  expect(within!.parentSpanId).not.toBe("");
  expect(outside!.parentSpanId).toBe("");
});

test("a run or a tool that is a generator does its work inside its span, and gives what it gives", async () => {
  startHere();
  async function* work(): AsyncGenerator<number, string> {
    yield await step("inside", () => 1);
    yield 2;
    return "end";
  }
  const generator = work();
  expect(run("generates", () => generator)).toBe(generator);
  const read: number[] = [];
  for await (const one of generator) read.push(one);
  const offered = await tool({ name: "offers", execute: () => work() })(1);
  expect(await offered.next()).toEqual({ done: false, value: 1 });
  expect(await offered.return("enough")).toEqual({ done: true, value: "enough" });
  async function* fail(): AsyncGenerator<number> {
    yield 1;
    throw new Error("half way");
  }
  const failing = run("fails", fail);
  await failing.next();
  await expect(failing.next()).rejects.toThrow("half way");
  await flush();
  const [root, inside, offers, failed] = ["generates", "inside", "execute_tool offers", "fails"].map((name) =>
    sink.spans().find((span) => span.name === name)!,
  );
  expect(read).toEqual([1, 2]);
  expect(inside!.parentSpanId).toBe(root!.spanId);
  expect(await sink.content(root!.attributes["runreel.content.output"])).toEqual([1, 2]);
  expect(await sink.content(offers!.attributes["runreel.content.output"])).toEqual([1]);
  expect(failed!.status).toEqual({ code: 2, message: "half way" });
});
