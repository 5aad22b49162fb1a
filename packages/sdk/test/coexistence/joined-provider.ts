// start({ provider }): our spans show in the host's tracing, the host's spans show in our runs, and nothing else changes for either.
import { flush, inference, run, RunreelOptionsError, shutdown, start, step, tool } from "@runreel/sdk";
import { runreelSpanProcessor } from "@runreel/sdk/opentelemetry";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { createOtlpSink } from "../otlp-sink.ts";
import type { OtlpSink } from "../otlp-sink.ts";
import { forgetProcessors, inSpan, treeOf } from "./host.ts";
import type { Host, RegisteredHost } from "./host.ts";

const secret = `sk-proj-${"a1B2".repeat(10)}`;

export function joinedProvider(host: Host): void {
  describe(`a joined provider of OpenTelemetry ${host.line}`, () => {
    let sink: OtlpSink;
    let registered: RegisteredHost | undefined;
    let told: string[];

    beforeEach(async () => {
      sink = await createOtlpSink();
      told = [];
      forgetProcessors();
    });

    afterEach(async () => {
      await shutdown();
      registered?.unregister();
      registered = undefined;
      await sink[Symbol.asyncDispose]();
    });

    const join = (options: { isSampled?: boolean; content?: "inline" } = {}): RegisteredHost => {
      registered = host.register({ processors: [runreelSpanProcessor()], ...options });
      const { provider } = registered;
      start({
        endpoint: sink.endpoint,
        provider,
        content: options.content ?? "blobs",
        diagnostics: (line) => told.push(line),
      });
      return registered;
    };
    const ours = (name: string) => sink.spans().find((span) => span.name === name)!;

    const query = tool({
      name: "query",
      effect: "read",
      execute: (id: number) =>
        inSpan(host, `db ${id}`, async (span) => {
          span.setAttribute("db.statement", `SELECT '${secret}'`);
          await inSpan(host, `socket ${id}`, async () => {});
          return { id, secret };
        }),
    });
    const answer = { choices: [{ message: { role: "assistant", content: "Hello" } }], usage: { prompt_tokens: 7 } };
    const agent = async (): Promise<void> => {
      const messages = [{ role: "user", content: `Hi, I am ${secret}` }];
      await inference({ model: "m", messages }, () =>
        inSpan(host, "POST", async (span) => {
          span.setAttributes({ "gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 7, "http.status": 200 });
          return answer;
        }),
      );
      await Promise.all([1, 2].map(query));
    };
    const tree = [
      ["POST", "chat m"],
      ["agent", "request"],
      ["chat m", "agent"],
      ["db 1", "execute_tool query"],
      ["db 2", "execute_tool query"],
      ["execute_tool query", "agent"],
      ["execute_tool query", "agent"],
      ["render", "request"],
      ["request", undefined],
      ["socket 1", "db 1"],
      ["socket 2", "db 2"],
    ];
    const serve = (): Promise<void> =>
      inSpan(host, "request", async () => {
        await run("agent", agent);
        await inSpan(host, "render", async () => {});
      });

    test("our spans stand in the host's trace, and the host's under them", async () => {
      const { exported } = join();
      await serve();
      const spans = await exported();
      expect(treeOf(spans)).toEqual(tree);
      expect(new Set(spans.map((span) => span.traceId)).size).toBe(1);
      expect(host.trace.getActiveSpan()).toBeUndefined();
      expect(told).toEqual([]);
    });

    test("the host's spans inside a run are in the tree of the run, which has a trace id of its own", async () => {
      const { exported } = join();
      await serve();
      await flush();
      const spans = await exported();
      const root = ours("agent");
      expect(root.traceId).not.toBe(spans[0]!.traceId);
      expect(root.links).toMatchObject([{ traceId: spans[0]!.traceId }]);
      expect(new Set(sink.spans().map((span) => span.traceId))).toEqual(new Set([root.traceId]));
      const outside = new Set(["request", "render"]);
      const inside = tree
        .filter(([name]) => !outside.has(name!))
        .map(([name, parent]) => [name, parent === "request" ? undefined : parent]);
      expect(treeOf(sink.spans())).toEqual(inside);
      // What shows here can be found there: by its own id, and from the top by the run's.
      const copies = new Map(spans.map((span) => [span.spanId, span]));
      for (const span of sink.spans()) expect(copies.get(span.spanId)?.name).toBe(span.name);
      expect(copies.get(root.spanId)?.attributes["runreel.run.id"]).toBe(root.traceId);
      expect(ours("socket 1").attributes["otel.scope.name"]).toBe("host");
      expect(ours("socket 1").endTimeUnixNano).toBeGreaterThan(0n);
    });

    test("a run outside any trace has the same trace id in both", async () => {
      const { exported } = join();
      await run("one", agent);
      await run("two", agent);
      await flush();
      const ids = (spans: { name: string; traceId: string }[]) => new Set(spans.map((span) => span.traceId));
      expect(ids(await exported())).toEqual(ids(sink.spans()));
      expect(ids(sink.spans()).size).toBe(2);
    });

    test("the host gets no content and no secret, and we no secret of the host's", async () => {
      const { exported } = join();
      await run("agent", agent)
        .then(() =>
          run("fails", () => {
            throw new Error(`no ${secret}`);
          }),
        )
        .catch(() => {});
      await flush();
      const spans = await exported();
      const copies = JSON.stringify(spans.filter((span) => !span.name.startsWith("db")));
      expect(copies).not.toContain(secret);
      expect(copies).not.toContain("runreel.content");
      expect(copies).not.toContain("Hello");
      // What the host records of itself stays its own business.
      expect(spans.find((span) => span.name === "db 1")?.attributes["db.statement"]).toContain(secret);
      for (const { body } of sink.requests) expect(body.includes(secret)).toBe(false);
      expect(ours("db 1").attributes["db.statement"]).toContain("[redacted:");
      const failed = spans.find((span) => span.name === "fails")!;
      expect(failed.status).toMatchObject({ code: 2, message: expect.stringContaining("[redacted:") as string });
      expect(failed.events).toMatchObject([{ name: "exception" }]);
      expect(spans.find((span) => span.name === "chat m")?.attributes).toMatchObject({
        "gen_ai.operation.name": "chat",
        "gen_ai.usage.input_tokens": 7,
        "runreel.step.kind": "inference",
      });
    });

    test("with inline content the host gets it too, without secrets", async () => {
      const { exported } = join({ content: "inline" });
      await run("agent", agent);
      const chat = (await exported()).find((span) => span.name === "chat m")!;
      expect(chat.attributes["gen_ai.output.messages"]).toContain("Hello");
      expect(chat.attributes["gen_ai.input.messages"]).toContain("[redacted:");
    });

    test("a client's own words about a model call are not counted beside ours", async () => {
      join();
      await run("agent", async () => {
        await agent();
        inSpan(host, "other", (span) => span.setAttribute("gen_ai.usage.input_tokens", 3));
      });
      await flush();
      expect(ours("POST").attributes).toMatchObject({ "http.status": 200 });
      expect(Object.keys(ours("POST").attributes).filter((key) => key.startsWith("gen_ai."))).toEqual([]);
      expect(ours("other").attributes["gen_ai.usage.input_tokens"]).toBe(3);
    });

    test("the host's sampler decides on the host's spans, and on ours nothing", async () => {
      const { exported } = join({ isSampled: false });
      await serve();
      await flush();
      expect(await exported()).toEqual([]);
      expect(treeOf(sink.spans())).toEqual([
        ["agent", undefined],
        ["chat m", "agent"],
        ["execute_tool query", "agent"],
        ["execute_tool query", "agent"],
      ]);
    });

    test("50 requests at once: no span in a wrong trace, in neither", async () => {
      const { exported } = join();
      await Promise.all(Array.from({ length: 50 }, serve));
      await flush();
      const spans = await exported();
      expect(spans).toHaveLength(50 * tree.length);
      const byTrace = Map.groupBy(spans, (span) => span.traceId);
      expect(byTrace.size).toBe(50);
      for (const trace of byTrace.values()) expect(treeOf(trace)).toEqual(tree);
      const runs = Map.groupBy(sink.spans(), (span) => span.traceId);
      expect(runs.size).toBe(50);
      for (const spansOfRun of runs.values()) expect(treeOf(spansOfRun)).toHaveLength(tree.length - 2);
    });

    test("a provider that takes no processor any more is refused with what to do", () => {
      registered = host.register();
      const { provider } = registered;
      expect(() => start({ endpoint: sink.endpoint, provider })).toThrow(/runreelSpanProcessor\(\)/);
      expect(() => start({ endpoint: sink.endpoint, provider: {} as never, content: "all" as never })).toThrow(
        RunreelOptionsError,
      );
      start({ endpoint: sink.endpoint, provider, disabled: true });
    });

    test("a provider that was not given our processor is told of once, and our spans are in it", async () => {
      runreelSpanProcessor();
      registered = host.register();
      start({ endpoint: sink.endpoint, provider: registered.provider, diagnostics: (line) => told.push(line) });
      await serve();
      await serve();
      expect(told).toMatchObject([expect.stringContaining("has no runreelSpanProcessor()")]);
      expect(treeOf(await registered.exported())).toHaveLength(2 * tree.length);
      await flush();
      expect(sink.spans()).toHaveLength(2 * 4);
    });

    test("the API's global provider will do, and one that gives no spans is told of", async () => {
      registered = host.register({ processors: [runreelSpanProcessor()] });
      start({
        endpoint: sink.endpoint,
        provider: host.trace.getTracerProvider(),
        diagnostics: (line) => told.push(line),
      });
      await serve();
      expect(treeOf(await registered.exported())).toEqual(tree);
      await shutdown();
      registered.unregister();
      start({
        endpoint: sink.endpoint,
        provider: host.trace.getTracerProvider(),
        diagnostics: (line) => told.push(line),
      });
      await run("alone", agent);
      await flush();
      expect(ours("alone").parentSpanId).toBe("");
      expect(told).toMatchObject([expect.stringContaining("gives no spans")]);
    });

    test("the processor alone: the host's spans in our runs, and none of ours in the host", async () => {
      registered = host.register({ processors: [runreelSpanProcessor()] });
      start({ endpoint: sink.endpoint });
      await serve();
      await flush();
      expect(treeOf(await registered.exported())).toHaveLength(7);
      expect(treeOf(sink.spans())).toContainEqual(["socket 2", "db 2"]);
      expect(treeOf(sink.spans())).toContainEqual(["db 2", "execute_tool query"]);
      expect(sink.spans()).toHaveLength(9);
    });

    test("stopped and started again, each span is recorded once", async () => {
      const { exported, provider } = join();
      await serve();
      await shutdown();
      await serve();
      start({ endpoint: sink.endpoint, provider });
      await serve();
      await flush();
      expect(sink.spans()).toHaveLength(18);
      expect(await exported()).toHaveLength(11 + 7 + 11);
    });

    test("a lone step and what it does", async () => {
      const { exported } = join();
      await step("lone", () => inSpan(host, "inner", () => 1));
      await flush();
      expect(treeOf(await exported())).toEqual([
        ["inner", "lone"],
        ["lone", undefined],
      ]);
      expect(treeOf(sink.spans())).toEqual(treeOf(await exported()));
    });
  });
}
