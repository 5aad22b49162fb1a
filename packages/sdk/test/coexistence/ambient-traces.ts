// A run inside a trace of the host's: a trace of its own with a link to it, and the host's as it would be without.
import { subscribe, unsubscribe } from "node:diagnostics_channel";

import { flush, run, shutdown, start, step, tool } from "@runreel/sdk";
import { recorder } from "@runreel/sdk/adapter";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { createOtlpSink } from "../otlp-sink.ts";
import type { OtlpSink } from "../otlp-sink.ts";
import { inSpan, treeOf } from "./host.ts";
import type { Host, RegisteredHost } from "./host.ts";

export function ambientTraces(host: Host): void {
  describe(`a run in a trace of OpenTelemetry ${host.line}`, () => {
    let sink: OtlpSink;
    let registered: RegisteredHost;

    beforeEach(async () => {
      sink = await createOtlpSink();
    });

    afterEach(async () => {
      await shutdown();
      registered.unregister();
      await sink[Symbol.asyncDispose]();
    });

    const named = (name: string) => sink.spans().find((span) => span.name === name)!;
    const query = tool({ name: "query", execute: (id: number) => inSpan(host, `db ${id}`, async () => id) });
    const agent = async (): Promise<number[]> => {
      const results = [
        await step("think", () => inSpan(host, "cache", () => 1)),
        ...(await Promise.all([1, 2].map(query))),
      ];
      inSpan(host, "audit", () => {});
      return results;
    };

    /** What the host sees of its own program: the spans as a tree, and what is active before, in and after the run. */
    const serve = async (): Promise<{ tree: (string | undefined)[][]; active: boolean[] }> => {
      const active: boolean[] = [];
      await inSpan(host, "request", async (request) => {
        const look = (): number => active.push(host.trace.getActiveSpan() === request);
        look();
        await run("agent", async () => {
          look();
          await agent();
          look();
        });
        look();
        await inSpan(host, "render", async () => {});
      });
      expect(host.trace.getActiveSpan()).toBeUndefined();
      return { tree: treeOf(await registered.exported()), active };
    };

    test("it keeps a trace id of its own and links the span it is in", async () => {
      registered = host.register();
      start({ endpoint: sink.endpoint });
      const { traceId, spanId } = await inSpan(host, "request", async (request) => {
        await run("agent", agent);
        return request.spanContext();
      });
      await flush();
      const root = named("agent");
      expect(root.parentSpanId).toBe("");
      expect(root.traceId).not.toBe(traceId);
      expect(root.links).toEqual([{ traceId, spanId, attributes: {} }]);
      const steps = sink.spans().filter((span) => span !== root);
      expect(steps.map((span) => span.name).toSorted()).toEqual(["execute_tool query", "execute_tool query", "think"]);
      for (const span of steps)
        expect(span).toMatchObject({ traceId: root.traceId, parentSpanId: root.spanId, links: [] });
    });

    test("the host's trace is what it is without", async () => {
      registered = host.register();
      const without = await serve();
      registered.unregister();
      registered = host.register();
      start({ endpoint: sink.endpoint });
      expect(await serve()).toEqual(without);
      expect(without.active).toEqual([true, true, true, true]);
      expect(without.tree).toContainEqual(["db 2", "request"]);
      await flush();
      expect(named("agent").links).toHaveLength(1);
    });

    test("runs at once in different requests link each its own", async () => {
      registered = host.register();
      start({ endpoint: sink.endpoint });
      const requests = new Map<string, string>();
      await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          inSpan(host, `request ${index}`, async (request) => {
            requests.set(`agent ${index}`, request.spanContext().spanId);
            await run(`agent ${index}`, agent);
          }),
        ),
      );
      await flush();
      const roots = sink.spans().filter((span) => span.parentSpanId === "");
      expect(new Map(roots.map((span) => [span.name, span.links[0]?.spanId]))).toEqual(requests);
      expect(new Set(roots.map((span) => span.traceId)).size).toBe(50);
    });

    test("a trace that the host does not sample is linked too, and the run is recorded", async () => {
      registered = host.register({ isSampled: false });
      start({ endpoint: sink.endpoint });
      const { traceId } = await inSpan(host, "request", async (request) => {
        await run("agent", agent);
        return request.spanContext();
      });
      await flush();
      expect(await registered.exported()).toEqual([]);
      expect(named("agent").links[0]?.traceId).toBe(traceId);
      expect(sink.spans()).toHaveLength(4);
    });

    test("a lone step says where it was taken, and a run outside any trace links nothing", async () => {
      registered = host.register();
      start({ endpoint: sink.endpoint });
      await inSpan(host, "request", () => step("alone", () => 1));
      await run("outside", agent);
      recorder().beginRun({ name: "opened", parent: null }).end();
      await flush();
      expect(named("alone").links).toHaveLength(1);
      expect(named("outside").links).toEqual([]);
      expect(named("opened").links).toEqual([]);
    });

    test("instrumentation of the host's makes no span of our requests", async () => {
      registered = host.register();
      const key = Symbol.for("OpenTelemetry SDK Context Key SUPPRESS_TRACING");
      const suppressed: unknown[] = [];
      const look = (): number => suppressed.push(host.context.active().getValue(key));
      subscribe("http.client.request.start", look);
      start({ endpoint: sink.endpoint });
      await inSpan(host, "request", () => run("agent", agent).then(() => flush()));
      unsubscribe("http.client.request.start", look);
      expect(sink.requests.length).toBeGreaterThan(0);
      expect(suppressed).toEqual(sink.requests.map(() => true));
    });

    test("a context manager that throws is no reason to disturb the host", () => {
      registered = host.register();
      start({ endpoint: sink.endpoint, diagnostics: () => {} });
      registered.unregister();
      host.context.setGlobalContextManager({
        active: () => {
          throw new Error("broken");
        },
        with: (_context, fn, thisArg, ...args) => fn.apply(thisArg!, args),
        bind: (_, target) => target,
        enable: () => undefined!,
        disable: () => undefined!,
      });
      expect(run("agent", () => 1)).toBe(1);
    });
  });
}
