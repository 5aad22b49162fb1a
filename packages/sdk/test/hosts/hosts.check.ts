// Beside the real Sentry and Datadog: nothing of theirs changes, and joined, each shows in the other.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { treeOf } from "../coexistence/host.ts";
import { createOtlpSink } from "../otlp-sink.ts";
import type { OtlpSink } from "../otlp-sink.ts";
import type { SentSpan } from "./programs/serve.ts";

let sink: OtlpSink;

beforeEach(async () => {
  sink = await createOtlpSink();
});

afterEach(() => sink[Symbol.asyncDispose]());

async function serve(host: string, environment: Record<string, string> = {}): Promise<SentSpan[]> {
  const file = fileURLToPath(new URL(`programs/with-${host}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--conditions=runreel-source", file], {
    env: { ...process.env, RUNREEL_ENDPOINT: sink.endpoint, RUNREEL_SPOOL: "0", ...environment },
  });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(errors);
  // Datadog has no way for others to say what is not to be traced, so our own connection shows there.
  return (JSON.parse(output) as SentSpan[]).filter(({ name }) => !sink.endpoint.endsWith(name));
}

/** What happens inside the run of the request, and outside it. */
const inRequest = [
  ["POST", "chat m"],
  ["chat m", "agent"],
  ["db 1", "execute_tool query"],
  ["db 2", "execute_tool query"],
  ["execute_tool query", "agent"],
  ["execute_tool query", "agent"],
  ["socket 1", "db 1"],
  ["socket 2", "db 2"],
];
const alone = [
  ["alone", undefined],
  ["db 3", "execute_tool query"],
  ["execute_tool query", "alone"],
  ["fails", undefined],
  ["socket 3", "db 3"],
];
const around = [
  ["render", "request"],
  ["request", undefined],
];
const sorted = (rows: (string | undefined)[][]) => rows.toSorted((a, b) => (a.join() < b.join() ? -1 : 1));

describe.each([
  ["Sentry 11", "sentry", {}],
  ["Sentry 10", "sentry", { SENTRY: "sentry-10" }],
  ["Datadog", "datadog", {}],
])("beside %s", (_name, host, environment) => {
  test("nothing changes for it, and the runs are recorded", async () => {
    const spans = await serve(host, environment);
    expect(treeOf(spans)).toEqual(
      sorted([
        ...["POST", "db 1", "db 2"].map((name) => [name, "request"]),
        ["socket 1", "db 1"],
        ["socket 2", "db 2"],
        ["db 3", undefined],
        ["socket 3", "db 3"],
        ...around,
      ]),
    );
    expect(treeOf(sink.spans())).toEqual([
      ["agent", undefined],
      ["alone", undefined],
      ["chat m", "agent"],
      ["execute_tool query", "agent"],
      ["execute_tool query", "agent"],
      ["execute_tool query", "alone"],
      ["fails", undefined],
    ]);
  });

  test("joined, our spans are in its traces, and its spans in our runs", async () => {
    const spans = await serve(host, { ...environment, JOINED: "1" });
    expect(treeOf(spans)).toEqual(sorted([["agent", "request"], ...inRequest, ...alone, ...around]));
    expect(JSON.stringify(spans)).not.toContain("a private word");
    expect(spans.filter(({ isFailed }) => isFailed).map(({ name }) => name)).toEqual(["fails"]);

    expect(treeOf(sink.spans())).toEqual(sorted([["agent", undefined], ...inRequest, ...alone]));
    const runs = Map.groupBy(sink.spans(), ({ traceId }) => traceId);
    expect([...runs.values()].map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([1, 4, 9]);
    const copies = new Map(spans.map((span) => [span.spanId, span]));
    for (const { spanId, name } of sink.spans()) expect(copies.get(spanId)?.name).toBe(name);
    for (const root of sink.spans().filter(({ parentSpanId }) => parentSpanId === "")) {
      expect(copies.get(root.spanId)?.told).toContain(`"runreel.run.id":"${root.traceId}"`);
      expect(root.traceId).not.toMatch(/^0{16}/);
    }
    const root = sink.spans().find(({ name }) => name === "agent")!;
    expect(root.links).toHaveLength(1);
  });
});

test("what Sentry does not sample is recorded all the same", async () => {
  expect(await serve("sentry", { JOINED: "1", UNSAMPLED: "1" })).toEqual([]);
  expect(sink.spans()).toHaveLength(7);
});

test("a client of Sentry's without OpenTelemetry is refused with what to do", async () => {
  await expect(serve("sentry", { JOINED: "1", WITHOUT_OTEL: "1" })).rejects.toThrow(/enableOpenTelemetrySetup: true/);
});
