// Proves that a run that is sampled out sends its usage alone, that one that fails is there whole, and that nobody loses count.
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { checkpoint, flush, inference, run, shutdown, start, status, step, tool, traceContext } from "../src/index.ts";
import type { StartOptions } from "../src/index.ts";
import { createOtlpSink } from "./otlp-sink.ts";
import type { OtlpSink } from "./otlp-sink.ts";
import type { ReceivedSpan } from "./otlp-reader.ts";
import { createSpoolDir, runProgram } from "./run-program.ts";
import type { Ended } from "./run-program.ts";

let sink: OtlpSink;

beforeEach(async () => {
  sink = await createOtlpSink();
});

afterEach(async () => {
  await shutdown();
  await sink[Symbol.asyncDispose]();
});

const begin = (options: StartOptions = {}): void =>
  start({ endpoint: sink.endpoint, spool: false, flushIntervalMs: 20, diagnostics: () => {}, ...options });
const records = (): ReceivedSpan[] => sink.spans().filter(({ name }) => name === "runreel.usage");
const spans = (): ReceivedSpan[] =>
  sink.spans().filter(({ name }) => name !== "runreel.usage" && name !== "runreel.process");
const rows = (): Record<string, unknown>[] =>
  records().flatMap(({ events }) => events.map((event) => event.attributes));
const named = (name: string): ReceivedSpan => spans().find((span) => span.name === name)!;

const search = tool({ name: "search", effect: "read", execute: (query: string) => `${query} ${"found ".repeat(200)}` });
const fails = tool({ name: "mail", execute: () => Promise.reject(new Error("no such address")) });

async function work(model = "gpt-5-mini"): Promise<string> {
  const question = [{ role: "user", content: "What is known of owls? ".repeat(50) }];
  await inference({ model, messages: question }, () => ({
    choices: [{ message: { role: "assistant", content: "Let me look." }, finish_reason: "tool_calls" }],
    usage: { prompt_tokens: 300, completion_tokens: 20 },
  }));
  const found = await search("owls");
  await step("note", () => found.length);
  checkpoint({ found });
  return found;
}

test("a run that is sampled out sends its usage and nothing else", async () => {
  begin({ sample: 0 });
  await run("owls", () => work(), { agent: { name: "reader", version: "3" } });
  await flush();
  expect(spans()).toEqual([]);
  expect(sink.startRecords()).toEqual([]);
  expect(sink.blobs()).toEqual([]);
  const agent = { "gen_ai.agent.name": "reader", "gen_ai.agent.version": "3", "runreel.usage.spans": 1 };
  expect(rows()).toEqual([
    expect.objectContaining({
      ...agent,
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "gpt-5-mini",
      "runreel.usage.input_tokens": [300],
      "runreel.usage.output_tokens": [20],
    }),
    expect.objectContaining({ ...agent, "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search" }),
    expect.objectContaining({ ...agent, "runreel.step.kind": "code" }),
    expect.objectContaining({ ...agent, "runreel.checkpoint.id": expect.any(String) }),
    expect.objectContaining({ ...agent, "gen_ai.operation.name": "invoke_agent", "runreel.usage.runs": 1 }),
  ]);
  // Five spans and the record of what they used.
  expect(status()).toMatchObject({ recorded: 6, delivered: 1, sampledOut: 5, buffered: 0, dropped: {} });
  expect(status().held.runs).toBe(0);
});

test("what runs of a minute used goes out together, a row for each set of keys", async () => {
  begin({ sample: 0, flushIntervalMs: 60_000 });
  for (let count = 0; count < 100; count += 1) run("owls", () => count);
  await Promise.all(Array.from({ length: 50 }, (_, at) => run("owls", () => work(at % 2 === 0 ? "a" : "b"))));
  await flush();
  expect(records()).toHaveLength(1);
  const calls = rows().filter((row) => row["gen_ai.operation.name"] === "chat");
  const input = (row: Record<string, unknown>): number[] => row["runreel.usage.input_tokens"] as number[];
  expect(calls.flatMap(input)).toEqual(Array.from({ length: 50 }, () => 300));
  const sum = (key: string): number => rows().reduce((total, row) => total + Number(row[key] ?? 0), 0);
  expect(sum("runreel.usage.spans")).toBe(350);
  expect(sum("runreel.usage.runs")).toBe(150);
});

test("a run that fails is sent whole, and its usage once", async () => {
  begin({ sample: 0 });
  await run("well", () => work());
  await expect(
    run("badly", async () => {
      await work();
      await flush();
      expect(spans()).toEqual([]);
      await fails({});
    }),
  ).rejects.toThrow("no such address");
  await flush();
  expect(spans().map(({ name }) => name)).toEqual([
    "chat gpt-5-mini",
    "execute_tool search",
    "note",
    "checkpoint",
    "execute_tool mail",
    "badly",
  ]);
  const root = named("badly");
  for (const span of spans()) {
    expect(span).toMatchObject({ traceId: root.traceId, isSampled: false, traceState: "runreel=out" });
    expect(span.attributes["runreel.run.kept_because"]).toBe("error");
    const isLate = ["execute_tool mail", "badly"].includes(span.name);
    expect(span.attributes["runreel.usage.counted"]).toBe(isLate ? undefined : true);
  }
  const chat = named("chat gpt-5-mini");
  expect(await sink.content(chat.attributes["runreel.content.input"])).toEqual([
    { role: "user", parts: [{ type: "text", content: "What is known of owls? ".repeat(50) }] },
  ]);
  expect(await sink.content(named("execute_tool search").attributes["runreel.content.output"])).toContain("found");
  expect(await sink.content(named("checkpoint").attributes["runreel.content.state"])).toMatchObject({
    found: expect.stringContaining("found"),
  });
  expect(status()).toMatchObject({ sampledOut: 5, buffered: 0, dropped: {}, held: { runs: 0, fellOut: 0 } });
  expect(status().recorded).toBe(11 + records().length);
});

test("an error that the agent gets over keeps the run as well, and one run does not keep another", async () => {
  begin({ sample: 0 });
  await Promise.all([
    run("patient", () => run("inner", async () => await fails({}).catch(() => work()))),
    run("calm", () => work()),
  ]);
  await flush();
  expect(named("patient").status.code).toBe(0);
  expect(named("inner").attributes["runreel.run.kept_because"]).toBe("error");
  expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1);
  expect(spans()).toHaveLength(7);
});

test("content that the collector has is not sent again with a run that fails, and what it lacks is", async () => {
  begin({ sample: 0 });
  await run("first", () => work(), { keep: true });
  await flush();
  const before = sink.blobs().length;
  await run("second", async () => {
    await work();
    await fails({}).catch(() => {});
  });
  await flush();
  const later = sink
    .blobs()
    .slice(before)
    .map(({ hash }) => hash);
  expect(
    later.filter((hash) =>
      sink
        .blobs()
        .slice(0, before)
        .some((blob) => blob.hash === hash),
    ),
  ).toEqual([]);
  const [, second] = spans().filter(({ name }) => name === "execute_tool search");
  expect(await sink.content(second!.attributes["runreel.content.output"])).toContain("found");
});

test("what is held is a snapshot: the host may change its objects", async () => {
  begin({ sample: 0 });
  const messages: object[] = [{ role: "user", content: "before" }];
  await run("changing", async () => {
    await inference({ model: "m", messages }, () => ({ choices: [{ message: { role: "assistant", content: "ok" } }] }));
    messages[0] = { role: "user", content: "after" };
    await fails({}).catch(() => {});
  });
  await flush();
  expect(JSON.stringify(await sink.content(named("chat m").attributes["runreel.content.input"]))).toContain("before");
});

test("no secret is in what is sent of a run that was sampled out, usage or whole", async () => {
  begin({ sample: 0 });
  const secret = `sk-proj-${"Ab3dEf6hIj9kLmN0".repeat(3)}`;
  const leak = tool({ name: `tool ${secret}`, effect: "read", execute: () => ({ found: `key ${secret}` }) });
  for (const isFailed of [false, true]) {
    // oxlint-disable-next-line no-await-in-loop
    await run("leaky", async () => {
      await leak({ with: secret });
      checkpoint({ secret });
      if (isFailed) throw new Error(`refused ${secret}`);
    }).catch(() => {});
  }
  await flush();
  expect(rows().some((row) => String(row["gen_ai.tool.name"]).includes("[redacted:"))).toBe(true);
  expect(named("leaky").status.message).toContain("[redacted:");
  for (const { body } of sink.requests) expect(body.includes(secret)).toBe(false);
});

test("a run may ask to be kept", async () => {
  begin({ sample: 0 });
  await run("important", () => work(), { keep: true });
  await run("outer", async () => {
    await work();
    await run("inner", () => work(), { keep: true });
  });
  await flush();
  expect(named("important").attributes["runreel.run.kept_because"]).toBe("asked");
  expect(named("important")).toMatchObject({ isSampled: true, traceState: "ot=th:0" });
  expect(named("inner").attributes["runreel.run.kept_because"]).toBe("asked");
  expect(named("outer").attributes["runreel.run.kept_because"]).toBe("asked");
  expect(spans()).toHaveLength(5 + 10);
});

test("at a quarter, a quarter is kept, by trace id, and says so", async () => {
  begin({ sample: 0.25 });
  const traceIds = new Set<string>();
  for (let count = 0; count < 400; count += 1) run("coin", () => count);
  await flush();
  for (const span of spans()) {
    expect(span).toMatchObject({ isSampled: true, traceState: "ot=th:c" });
    expect(span.attributes["runreel.run.kept_because"]).toBe("sampled");
    expect(span.traceId.slice(18) >= "c0000000000000").toBe(true);
    traceIds.add(span.traceId);
  }
  expect(traceIds.size).toBeGreaterThan(50);
  expect(traceIds.size).toBeLessThan(150);
  expect(status()).toMatchObject({ sampledOut: 400 - traceIds.size, buffered: 0 });
});

test("all is kept unless told otherwise, and says nothing of it", async () => {
  begin();
  await run("owls", () => work());
  await flush();
  expect(spans()).toHaveLength(5);
  for (const span of spans()) expect(span).toMatchObject({ isSampled: true, traceState: "" });
  expect(named("owls").attributes["runreel.run.kept_because"]).toBeUndefined();
  expect(records()).toEqual([]);
});

test("a ring that is full loses the oldest run first, counts it, and keeps its memory", async () => {
  begin({ sample: 0, ringMaxBytes: 1024 * 1024 });
  const noise = (): string =>
    Array.from({ length: 16_000 }, () => Math.random().toString(36))
      .join(" ")
      .slice(0, 152_000);
  const chat = tool({ name: "noise", effect: "read", execute: noise });
  let endOld = (): void => {};
  const wait = new Promise<void>((resolve) => (endOld = resolve));
  const old = run("old", async () => {
    await chat({});
    await wait;
    await fails({}).catch(() => {});
  });
  await run("young", async () => {
    for (let count = 0; count < 6; count += 1) {
      // oxlint-disable-next-line no-await-in-loop
      await chat({});
      expect(status().held.bytes).toBeLessThanOrEqual(1024 * 1024);
    }
    expect(status().held.fellOut).toBe(1);
    await fails({}).catch(() => {});
  });
  endOld();
  await old;
  await flush();
  const of = (name: string): ReceivedSpan[] => spans().filter(({ traceId }) => traceId === named(name).traceId);
  expect(of("young")).toHaveLength(8);
  expect(of("young").map((span) => span.attributes["runreel.content.dropped"])).toEqual(Array(8).fill(undefined));
  expect(of("old").map(({ name }) => name)).toEqual(["execute_tool mail", "old"]);
  expect(named("old").attributes["runreel.content.dropped"]).toBe("ring_full");
  expect(status()).toMatchObject({ dropped: {}, buffered: 0, sampledOut: 1 });
});

test("runs that have not ended when recording stops are kept", async () => {
  begin({ sample: 0 });
  void run("endless", async () => {
    await work();
    await new Promise(() => {});
  });
  await run("ended", () => work());
  await shutdown();
  expect(spans().map(({ name }) => name)).not.toContain("ended");
  expect(spans()).toHaveLength(4);
  expect(sink.startRecords()).toMatchObject([
    { name: "endless", attributes: { "runreel.run.kept_because": "unfinished" } },
  ]);
});

describe.each(["exit", "throws", "ends", "SIGTERM"])("a process that ends by %s while runs are sampled out", (way) => {
  const end = (spool: string): Promise<Ended> => {
    const environment = { RUNREEL_ENDPOINT: sink.endpoint, RUNREEL_SPOOL_DIR: spool, RUNREEL_SAMPLE: "0" };
    return runProgram("samples-out", [way], environment, (output, kill) => {
      if (way === "SIGTERM" && output.includes("recorded")) kill("SIGTERM");
    });
  };
  const expectUsageAndOpenRun = (): void => {
    const once = [...new Map(sink.spans().map((span) => [span.spanId, span])).values()];
    const used = once.filter(({ name }) => name === "runreel.usage").flatMap(({ events }) => events);
    const sum = (key: string): number =>
      used.reduce((total, { attributes }) => total + Number(attributes[key] ?? 0), 0);
    expect(sum("runreel.usage.spans")).toBe(4);
    expect(sum("runreel.usage.runs")).toBe(1);
    const sent = once.filter(({ name }) => name !== "runreel.usage");
    expect(sent.map(({ name }) => name)).toEqual(way === "throws" ? ["work", "open"] : ["work"]);
    const because = way === "throws" ? "error" : "unfinished";
    expect(sent[0]!.attributes).toMatchObject({ "runreel.run.kept_because": because, "runreel.usage.counted": true });
    const open = way === "throws" ? sent[1] : sink.startRecords().find(({ name }) => name === "open");
    expect(open!.attributes["runreel.run.kept_because"]).toBe(because);
  };

  test("loses none of their usage, and keeps what was not at its end", async () => {
    expect((await end(createSpoolDir())).output).toBe("recorded\n");
    expectUsageAndOpenRun();
  });

  test("puts both on disk where nobody listens, for the next start", async () => {
    const port = Number(new URL(sink.endpoint).port);
    await sink[Symbol.asyncDispose]();
    const spool = createSpoolDir();
    expect((await end(spool)).output).toBe("recorded\n");
    sink = await createOtlpSink(port);
    await runProgram("starts", ["6000"], { RUNREEL_ENDPOINT: sink.endpoint, RUNREEL_SPOOL_DIR: spool });
    expectUsageAndOpenRun();
  });
});

test("a process that joins a run does what the one that began it does, whatever its own rate", async () => {
  const join = async (rate: string, { traceparent, tracestate }: Record<string, string>): Promise<void> => {
    const environment = { RUNREEL_ENDPOINT: sink.endpoint, RUNREEL_SAMPLE: rate };
    const ended = await runProgram(
      "joins",
      [traceparent!, ...(tracestate === undefined ? [] : [tracestate])],
      environment,
    );
    expect(ended).toMatchObject({ code: 0, errors: "" });
    const given = JSON.parse(ended.output) as Record<string, string>;
    expect(given["traceparent"]!.slice(-2)).toBe(traceparent!.slice(-2));
    expect(given["tracestate"]).toBe(tracestate);
  };
  begin({ sample: 0 });
  await run("out", async () => await join("1", traceContext()));
  await flush();
  expect(spans()).toEqual([]);
  expect(rows().map((row) => row["gen_ai.agent.name"])).toEqual(["joined", "out"]);
  // The run began once.
  expect(rows().map((row) => row["runreel.usage.runs"])).toEqual([undefined, 1]);
  await shutdown();

  begin({ sample: 0.999_999 });
  await run("kept", async () => await join("0", traceContext()));
  await flush();
  expect(spans().map(({ name }) => name)).toEqual(["joined", "kept"]);
  expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1);
});

test("content can be inline or none", async () => {
  for (const content of ["inline", "none"] as const) {
    begin({ sample: 0, content });
    // oxlint-disable-next-line no-await-in-loop
    await run(content, async () => {
      await work();
      await fails({}).catch(() => {});
    });
    // oxlint-disable-next-line no-await-in-loop
    await shutdown();
  }
  const [inline, none] = spans().filter(({ name }) => name === "execute_tool search");
  expect(inline!.attributes["gen_ai.tool.call.result"]).toContain("found");
  expect(none!.attributes["gen_ai.tool.call.result"]).toBeUndefined();
  expect(sink.blobs()).toEqual([]);
});

test("a run in which the program finds something is sent whole, with what was found", async () => {
  begin({ sample: 0, flushIntervalMs: 60_000 });
  await run("owls", async () => {
    await work();
    await step("check", () => {
      run.keep("  found owls, and nothing but owls  ");
      run.keep("and again");
    });
    await search("more owls");
  });
  await run("quiet", () => work());
  run.keep("outside a run");
  await flush();
  expect(spans().map(({ name }) => name)).toEqual([
    "chat gpt-5-mini",
    "execute_tool search",
    "note",
    "checkpoint",
    "check",
    "execute_tool search",
    "owls",
  ]);
  const reasons = spans().map(({ attributes }) => attributes["runreel.run.kept_because"]);
  // What begins afterwards is part of a run that has said it.
  expect(reasons.filter((reason) => reason === "found owls, and nothing but owls")).toHaveLength(6);
  expect(named("owls").attributes["runreel.run.kept_because"]).toBe("found owls, and nothing but owls");
  for (const reference of Object.keys(named("execute_tool search").attributes).filter((key) =>
    /content.(in|out)put/.test(key),
  ))
    expect(await sink.content(named("execute_tool search").attributes[reference])).toBeDefined();
  expect(status()).toMatchObject({ buffered: 0, dropped: {} });
});

test("what is said of a run is cut, cleaned of secrets, and never thrown back", async () => {
  begin({ sample: 0 });
  await run("secret", async () => run.keep(`token sk-ant-api03-${"a1B2c3D4e5".repeat(9)}AA ${"long ".repeat(100)}`));
  await run("nothing", async () => run.keep(undefined as unknown as string));
  await run("object", async () => run.keep({ toString: () => ({}) } as unknown as string));
  await flush();
  const reasonOf = (name: string): string => String(named(name).attributes["runreel.run.kept_because"]);
  expect(reasonOf("secret")).not.toContain("a1B2");
  expect(reasonOf("secret").length).toBeLessThanOrEqual(200);
  expect(reasonOf("nothing")).toBe("undefined");
  expect(reasonOf("object")).toBe("a name of type object");
});

test("a run that is sent anyway stays what it is", async () => {
  begin();
  await run("whole", async () => run.keep("of note"));
  await flush();
  expect(named("whole").attributes["runreel.run.kept_because"]).toBeUndefined();
});

test("usage names the runs that outlast it, once when they go on and once when they are over", async () => {
  begin({ sample: 0, flushIntervalMs: 60_000 });
  const ids: string[] = [];
  await run("short", () => work());
  await run("long", async () => {
    ids.push(traceContext().traceparent!.split("-")[1]!);
    await work();
    await flush();
    await work();
    await flush();
  });
  await flush();
  const told = records().map(({ attributes }) => [
    attributes["runreel.usage.open_runs"],
    attributes["runreel.usage.ended_runs"],
  ]);
  expect(told).toEqual([
    [ids, undefined],
    [undefined, undefined],
    [undefined, ids],
  ]);
});
