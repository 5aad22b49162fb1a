// Proves that recording keeps the types of the program exactly, and that wrong use does not compile. Checked by `npm run typecheck`; nothing
// here is called unless it records nothing.
import { expectTypeOf, test } from "vitest";

import { inference, run, step, tool } from "./index.ts";

interface Query {
  q: string;
  limit?: number;
}

interface Hits {
  hits: readonly string[];
}

interface Lazy<T> extends PromiseLike<T> {
  cancel(): void;
}

test("run() gives what its function gives: a value, a promise, one of a class of its own, a stream", () => {
  expectTypeOf(run("r", () => 1 as const)).toEqualTypeOf<1>();
  expectTypeOf(run("r", async () => ({ hits: [] }) as Hits)).toEqualTypeOf<Promise<Hits>>();
  expectTypeOf(run("r", () => undefined as unknown as Lazy<Hits>)).toEqualTypeOf<Lazy<Hits>>();
  const stream = run("r", async function* (): AsyncGenerator<number, string, boolean> {
    return (yield 1) ? "yes" : "no";
  });
  expectTypeOf(stream).toEqualTypeOf<AsyncGenerator<number, string, boolean>>();
  expectTypeOf(run<void>)
    .parameter(1)
    .toEqualTypeOf<() => void>();
  const generic = <T>(value: T): T => run("r", () => value);
  expectTypeOf(generic("a" as const)).toEqualTypeOf<"a">();
});

test("step() gives a promise of what its function gives, sync or not", () => {
  expectTypeOf(step("s", () => 1 as number)).toEqualTypeOf<Promise<number>>();
  expectTypeOf(step("s", async () => "a" as string, { effect: "read" })).toEqualTypeOf<Promise<string>>();
  expectTypeOf(step("s", () => undefined as unknown as Lazy<Hits>)).toEqualTypeOf<Promise<Hits>>();
});

test("tool() keeps arguments and result, and whether arguments are needed", () => {
  const search = tool({ name: "t", execute: async ({ q }: Query): Promise<Hits> => ({ hits: [q] }) });
  expectTypeOf(search).toEqualTypeOf<(args: Query) => Promise<Hits>>();
  const clock = tool({ name: "t", execute: () => 1 as number });
  expectTypeOf(clock()).toEqualTypeOf<Promise<number>>();
  const list = tool({ name: "t", execute: (query?: Query) => [query?.q ?? "all"] });
  expectTypeOf(list).toEqualTypeOf<(args?: Query) => Promise<string[]>>();
  const generic = <T extends Query>(result: T) => tool({ name: "t", execute: (query: T) => ({ query, result }) });
  expectTypeOf(generic({ q: "a", more: 1 }))
    .parameter(0)
    .toEqualTypeOf<{ q: string; more: number }>();
  class Client {
    readonly token = "x";
    readonly search = tool({ name: "t", execute: ({ q }: Query) => this.token + q });
  }
  expectTypeOf<Client["search"]>().toEqualTypeOf<(args: Query) => Promise<string>>();
});

test("inference() hands the request on as it is typed, and gives the provider's own answer", () => {
  const request = { model: "m", messages: [{ role: "user" as const, content: "a" }], stream: true as const, extra: 1 };
  const answer = inference(request, (given) => {
    expectTypeOf(given).toEqualTypeOf<typeof request>();
    return undefined as unknown as AsyncIterable<string>;
  });
  expectTypeOf(answer).toEqualTypeOf<Promise<AsyncIterable<string>>>();
  function complete(given: { model: string; stream: true }): Promise<AsyncIterable<string>>;
  function complete(given: { model: string; stream?: false }): Promise<Hits>;
  function complete(given: object): Promise<unknown> {
    return Promise.resolve(given);
  }
  expectTypeOf(inference({ model: "m" }, (given) => complete(given))).toEqualTypeOf<Promise<Hits>>();
  expectTypeOf(inference({ model: "m", stream: true as const }, (given) => complete(given))).toEqualTypeOf<
    Promise<AsyncIterable<string>>
  >();
});

/** Never called. */
export function wrongUse(): void {
  const search = tool({ name: "t", execute: ({ q }: Query) => q });
  // @ts-expect-error Arguments are needed.
  void search();
  // @ts-expect-error They have a type.
  void search({ q: 1 });
  // @ts-expect-error A tool does something.
  tool({ name: "t" });
  // @ts-expect-error It has a name.
  tool({ execute: () => 1 });
  // @ts-expect-error There are five effects.
  tool({ name: "t", effect: "harmless", execute: () => 1 });
  // @ts-expect-error A name is a text.
  run(5, () => 1);
  // @ts-expect-error What runs is a function.
  run("r", 5);
  // @ts-expect-error Options have names.
  run("r", () => 1, { conversation: "c" });
  // @ts-expect-error What a step does is a function without arguments.
  void step("s", (given: string) => given);
  // @ts-expect-error A request names its model.
  void inference({ messages: [] }, () => 1);
  // @ts-expect-error What is asked gets the request, not something else.
  void inference({ model: "m", messages: [] }, (given: { model: number }) => given);
}
