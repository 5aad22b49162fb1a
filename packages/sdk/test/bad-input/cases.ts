// Values that resist being recorded. Each is made anew for a test, with what a reader of the recording must find of it.
import { Readable } from "node:stream";

/** A value, and the texts that its record must hold. */
export interface BadInput {
  make: () => unknown;
  shows: readonly string[];
  /** What is left of the value once recording has seen it: for what can be consumed once. */
  intact?: (value: never) => Promise<void> | void;
  /** It takes long to make and to read. */
  isLarge?: true;
}

const no = (): never => {
  throw new Error("No trespassing");
};

/** Throws whatever is asked of it. */
const thrower = new Proxy({}, new Proxy({}, { get: () => no }));

function circular(): unknown {
  const value: Record<string, unknown> = { kept: "beside the circle", list: [] };
  value["self"] = value;
  (value["list"] as unknown[]).push(value);
  return value;
}

function nested(levels: number): unknown {
  let value: unknown = "bottom";
  for (let level = 0; level < levels; level += 1) value = { kept: 1, below: value };
  return value;
}

function withHoles(): unknown[] {
  const value: unknown[] = ["first"];
  value[3] = "last";
  return value;
}

class Ticket {
  readonly kept = "a ticket";
  readonly #number = 7;
  get number(): number {
    return this.#number;
  }
}

async function expectAll(chunks: AsyncIterable<unknown>): Promise<void> {
  const all: string[] = [];
  for await (const chunk of chunks) all.push(String(chunk));
  if (all.join() !== "one,two") throw new Error(`Something has been taken away: ${all.join()}`);
}

function* counted(): Generator<string> {
  yield "one";
  yield "two";
}

async function* countedLater(): AsyncGenerator<string> {
  yield* counted();
}

export const badInputs: Record<string, BadInput> = {
  "a circle": { make: circular, shows: ["beside the circle", "[omitted: circular]"] },
  "a big integer": { make: () => ({ n: 2n ** 70n }), shows: ["1180591620717411303424"] },
  "dates, one of them invalid": {
    make: () => [new Date(0), new Date(Number.NaN)],
    shows: ["1970-01-01T00:00:00.000Z", "null"],
  },
  "a map and a set": {
    make: () => ({ map: new Map<unknown, unknown>([["key", "of the map"]]), set: new Set(["of the set"]) }),
    shows: ["of the map", "of the set"],
  },
  "a map with a way of its own to be read": {
    make: () => Object.assign(new Map([["key", "kept"]]), { [Symbol.iterator]: no }),
    shows: ["kept"],
  },
  "an error with its cause": {
    make: () => new Error("outside", { cause: new TypeError("inside") }),
    shows: ["outside", "inside", "TypeError"],
  },
  "an error that is its own cause": {
    make: () => {
      const error: Error = new Error("alone");
      error.cause = error;
      return error;
    },
    shows: ["alone", "[omitted: circular]"],
  },
  "an aggregate of errors": {
    make: () => new AggregateError([new Error("this one"), "and that one"], "together"),
    shows: ["together", "this one", "and that one"],
  },
  "an error with a code": {
    make: () => Object.assign(new Error("refused"), { code: "ECONNREFUSED" }),
    shows: ["refused", "ECONNREFUSED"],
  },
  "bytes and typed arrays": {
    make: () => ({ buffer: Buffer.from("hello"), floats: new Float32Array([1.5, 2]), big: new BigInt64Array([3n]) }),
    shows: ["aGVsbG8=", "1.5", "3"],
  },
  "an array buffer that was given away": {
    make: () => {
      const buffer = new ArrayBuffer(8);
      structuredClone(buffer, { transfer: [buffer] });
      return { kept: "beside it", buffer };
    },
    shows: ["beside it"],
  },
  "a function": { make: () => [() => 1], shows: ["[omitted: function]"] },
  "a symbol": { make: () => [Symbol("s")], shows: ["[omitted: symbol]"] },
  "a getter that throws": {
    make: () => ({
      before: "kept before",
      get bad(): never {
        return no();
      },
      within: "kept after",
    }),
    shows: ["kept before", "kept after", "[omitted: unreadable]"],
  },
  "an array with an element that throws": {
    make: () => Object.defineProperty(["kept", 0], 1, { get: no, enumerable: true }),
    shows: ["kept", "[omitted: unreadable]"],
  },
  "a proxy that throws whatever is asked": {
    make: () => ({ kept: "beside it", thrower }),
    shows: ["beside it", "[omitted: unreadable]"],
  },
  "a revoked proxy": {
    make: () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return { kept: "beside it", proxy };
    },
    shows: ["beside it", "[omitted: unreadable]"],
  },
  "a toJSON that throws": {
    make: () => ({ kept: "beside it", bad: { toJSON: no } }),
    shows: ["beside it", "[omitted: unreadable]"],
  },
  "a toJSON that gives itself": {
    make: () => ({
      kept: "beside it",
      bad: {
        toJSON() {
          return this;
        },
      },
    }),
    shows: ["beside it", "[omitted: circular]"],
  },
  "a text of many megabytes": {
    isLarge: true,
    make: () => "tea ".repeat(3_000_000),
    shows: ["tea tea", "[runreel: cut, "],
  },
  "a text of many megabytes with half a character": {
    isLarge: true,
    make: () => `${"tea ".repeat(3_000_000)}\ud800`,
    shows: ["tea tea", "[runreel: cut, "],
  },
  "a hundred thousand levels": { isLarge: true, make: () => nested(100_000), shows: ["[omitted: too_deep]"] },
  "an array with holes": { make: withHoles, shows: ["first", "null,null", "last"] },
  "a million elements": {
    isLarge: true,
    make: () => Array.from({ length: 1_000_000 }, () => 7),
    shows: ["[omitted: too_large]"],
  },
  "hundreds of thousands of members": {
    isLarge: true,
    make: () => Object.fromEntries(Array.from({ length: 300_000 }, (_, at) => [`k${at}`, at])),
    shows: ["[omitted: too_large]"],
  },
  "a million entries": {
    isLarge: true,
    make: () => [new Map(Array.from({ length: 1_000_000 }, (_, at) => [at, at]))],
    shows: ["[omitted: too_large]"],
  },
  "ten million numbers": { isLarge: true, make: () => [new Float64Array(10_000_000)], shows: ["[omitted: too_large]"] },
  "a length that is a lie": {
    isLarge: true,
    make: () => {
      const value: unknown[] = [];
      value.length = 4_000_000_000;
      return value;
    },
    shows: ["[omitted: too_large]"],
  },
  "half a character": { make: () => ({ "k\ud800": "v\udc00" }), shows: ["k\ud800", "v\udc00"].map(escaped) },
  "numbers that JSON lacks": {
    make: () => [Number.NaN, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    shows: ["NaN", "Infinity", "-Infinity"],
  },
  "boxed values": {
    make: () => [Object("boxed text"), Object(12.5), Object(99n)],
    shows: ['"boxed text"', "12.5", "99"],
  },
  "keys that pollute": {
    make: () => JSON.parse('{"__proto__":{"polluted":"p1"},"constructor":{"prototype":{"polluted":"p2"}}}') as unknown,
    shows: ["__proto__", "p1", "constructor", "p2"],
    intact: () => {
      if ("polluted" in {}) throw new Error("Object.prototype is polluted");
    },
  },
  "keys of the content tree's own": {
    make: () => ({ $ref: "mine", nested: { $omitted: "mine too" } }),
    shows: ["$ref", "mine", "$omitted", "mine too"],
  },
  "an instance of a class": { make: () => new Ticket(), shows: ["a ticket"] },
  "headers and parameters": {
    make: () => [new Headers({ accept: "tea" }), new URLSearchParams("q=cake"), new URL("https://a.example/b")],
    shows: ["tea", "cake", "https://a.example/b"],
  },
  "a stream": {
    make: () => ({ kept: "beside it", stream: Readable.from(["one", "two"]) }),
    shows: ["beside it", "[omitted: stream]"],
    intact: ({ stream }: { stream: Readable }) => expectAll(stream),
  },
  "a stream of the web": {
    make: () => ({ kept: "beside it", stream: ReadableStream.from(["one", "two"]) }),
    shows: ["beside it", "[omitted: stream]"],
    intact: ({ stream }: { stream: ReadableStream }) => expectAll(stream),
  },
  "an answer of fetch": {
    make: () => ({ kept: "beside it", answer: new Response("one") }),
    shows: ["beside it", "[omitted: stream]"],
    intact: async ({ answer }: { answer: Response }) => {
      if ((await answer.text()) !== "one") throw new Error("The body is gone");
    },
  },
  generators: {
    make: () => ({ kept: "beside it", now: counted(), later: countedLater() }),
    shows: ["beside it", "[omitted: stream]"],
    intact: async ({ now, later }: { now: Generator<string>; later: AsyncGenerator<string> }) => {
      await expectAll(later);
      if ([...now].join() !== "one,two") throw new Error("Something has been taken away");
    },
  },
  "a promise that never settles": {
    make: () => ({ kept: "beside it", promise: new Promise(() => {}) }),
    shows: ["beside it", "[omitted: promise]"],
  },
  "a promise that fails": {
    make: () => {
      const promise = Promise.reject(new Error("later"));
      promise.catch(() => {});
      return { kept: "beside it", promise };
    },
    shows: ["beside it", "[omitted: promise]"],
  },
  "a thenable that throws": {
    make: () => ({
      kept: "beside it",
      // oxlint-disable-next-line unicorn/no-thenable
      thenable: Object.defineProperty({}, "then", { get: no, enumerable: true }),
    }),
    shows: ["beside it", "[omitted: unreadable]"],
  },
  "frozen and sealed": {
    make: () => Object.freeze({ frozen: "kept", sealed: Object.seal({ also: "kept too" }) }),
    shows: ["kept", "kept too"],
  },
  "an object without a prototype": {
    make: () => Object.assign(Object.create(null) as object, { kept: "bare" }),
    shows: ["bare"],
  },
  "arguments of a function": {
    make: () =>
      (function () {
        // oxlint-disable-next-line prefer-rest-params
        return arguments;
        // @ts-expect-error It takes none, and is given one.
      })("kept"),
    shows: ["kept"],
  },
};

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
