// Proves who is told what in the answer to a request: the process that names itself, until it says that it has heard, and nobody else.
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCollector, type RunningCollector } from "./running-collector.ts";

const KEYS = [
  { key: "a-key-of-the-first-project", project: "first" },
  { key: "a-key-of-the-other-project", project: "other" },
];
const [RUN, OVER] = ["a".repeat(32), "b".repeat(32)];

let collector: RunningCollector;

beforeAll(async () => {
  collector = await runCollector({ apiKeys: KEYS, projects: ["first", "other"] });
  const names = (key: string, ids: string[]): object => ({
    key,
    value: { arrayValue: { values: ids.map((stringValue) => ({ stringValue })) } },
  });
  const time = String(BigInt(Date.now()) * 1_000_000n);
  const record = (spanId: string, attributes: object[]): object => ({
    traceId: spanId.repeat(2),
    spanId,
    name: "runreel.usage",
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    attributes,
  });
  const spans = [
    record("1".repeat(16), [names("runreel.usage.open_runs", [RUN, OVER, "no id"])]),
    record("2".repeat(16), [names("runreel.usage.ended_runs", [OVER])]),
  ];
  const resource = { attributes: [{ key: "service.instance.id", value: { stringValue: "process 1" } }] };
  const request = { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] };
  await collector.post("/v1/traces", request, as("first"));
  await collector.collector.flush();
});

afterAll(() => collector.stop());

const as = (project: string): Record<string, string> => ({
  authorization: `Bearer ${KEYS.find((one) => one.project === project)!.key}`,
});

interface Told {
  token: string;
  blobs: string[];
  keep: { runId: string; reason: string }[];
}

/** What an answer to an empty request asks for; undefined when it has no body. */
async function told(headers: Record<string, string>, project = "first"): Promise<Told | undefined> {
  const response = await fetch(`${collector.address}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/x-protobuf", ...as(project), ...headers },
  });
  expect(response.status).toBe(200);
  const body = Buffer.from(await response.arrayBuffer());
  // Field 1000, a string of less than 16 KiB.
  return body.length === 0 ? undefined : (JSON.parse(body.subarray(body.indexOf("{")).toString("utf8")) as Told);
}

const keep = (runId: string, project = "first"): ReturnType<RunningCollector["post"]> =>
  collector.post(`/api/runs/${runId}/keep`, { reason: " it says “no” \n" }, as(project));

test("the process of a run is told until it has heard, and nobody else is", async () => {
  const process1 = { "runreel-process": "process 1" };
  expect(await told(process1)).toBeUndefined();
  expect(await keep(RUN)).toMatchObject({
    status: 200,
    body: { runId: RUN, state: "asked", processes: ["process 1"] },
  });
  expect(await told({})).toBeUndefined();
  expect(await told({ "runreel-process": "process 2" })).toBeUndefined();
  expect(await told(process1, "other")).toBeUndefined();
  expect(await collector.post("/v1/traces", {}, { ...as("first"), ...process1 })).toMatchObject({ body: {} });
  const first = await told(process1);
  expect(first).toEqual({ token: expect.any(String), blobs: [], keep: [{ runId: RUN, reason: "it says “no”" }] });
  const again = await told({ ...process1, "runreel-heard": "another" });
  expect(again?.keep).toEqual(first?.keep);
  expect(await told({ ...process1, "runreel-heard": again!.token })).toBeUndefined();
  expect(await told(process1)).toBeUndefined();
});

test("a run of another project, one that is over and one that nobody has named are not to be had", async () => {
  expect(await keep(RUN, "other")).toMatchObject({ status: 404, body: { error: { code: "RUNREEL_RUN_NOT_FOUND" } } });
  expect(await keep(OVER)).toMatchObject({ status: 410, body: { error: { code: "RUNREEL_RUN_OVER" } } });
  expect(await keep("c".repeat(32))).toMatchObject({ status: 404 });
  expect(await keep("no-id")).toMatchObject({ status: 400, body: { error: { code: "RUNREEL_REQUEST_INVALID" } } });
});

test("/openapi.json says how to ask", async () => {
  const { body } = await collector.get<{ paths: Record<string, unknown> }>("/openapi.json");
  expect(Object.keys(body.paths)).toContain("/api/runs/{runId}/keep");
});
