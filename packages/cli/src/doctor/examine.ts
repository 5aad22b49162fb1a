import { readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { resolve } from "node:path";

import { openSpool } from "@runreel/sdk/spool";

import type { CollectorClient } from "../client.ts";
import { CommandFailure, exitCodes, type ExitCode } from "../command-failure.ts";
import type { Examination } from "./examination.ts";
import { examineProcesses } from "./processes.ts";

type Environment = Record<string, string | undefined>;

const skewMaxMs = 2000;
const freeMinBytes = 1024 ** 3;

/** Looks at everything that can be seen from here. The exit code is 0 unless something is at fault. */
export async function examine(
  client: CollectorClient,
  environment: Environment,
): Promise<{ examinations: Examination[]; exitCode: ExitCode }> {
  const reached = await examineReach(client);
  const examinations = [reached];
  if (reached.state !== "fault") {
    examinations.push(...(await examineReadiness(client)), await examineKey(client), await examineClock(client));
    examinations.push(await examineVersions(client), ...(await examineProcesses(client)));
  }
  examinations.push(await examineDisk(environment), examineSpool(environment), ...examineEnvironment(environment));
  const isFaulty = examinations.some(({ state }) => state === "fault");
  if (reached.state === "fault") return { examinations, exitCode: exitCodes.unreachable };
  return { examinations, exitCode: isFaulty ? exitCodes.failed : exitCodes.done };
}

function examineSpool(environment: Environment): Examination {
  const name = "spool";
  try {
    const spool = openSpool(environment);
    const { folder } = spool;
    if (folder === undefined) return { name, state: "ok", found: "turned off" };
    const files = spool.files();
    const spans = files.reduce((sum, { spanCount }) => sum + spanCount, 0);
    const blobs = files.reduce((sum, { blobCount }) => sum + blobCount, 0);
    // What a process said of itself last waits there as well.
    if (spans + blobs === 0) return { name, state: "ok", found: "nothing waits on disk" };
    const found = `${spans} spans wait in ${files.length} files of ${folder}, since ${files[0]!.writtenAt.toISOString()}`;
    return { name, state: "warning", found, advice: "The next start of a program sends them, or: runreel spool send" };
  } catch (error) {
    return { name, state: "fault", found: (error as Error).message, advice: "Programs here cannot start recording." };
  }
}

async function examineReach(client: CollectorClient): Promise<Examination> {
  const name = "reachable";
  try {
    const { status, text } = await client.probe("/healthz");
    if (status === 200) return { name, state: "ok", found: "it answers" };
    return { name, state: "fault", found: `/healthz answered ${status}: ${text.slice(0, 200)}`, advice: notOurs };
  } catch (error) {
    const { message, hint } = error as CommandFailure;
    return { name, state: "fault", found: message, ...(hint ? { advice: hint } : {}) };
  }
}

const notOurs =
  "Something else seems to listen there. Another OTLP receiver on 4318? Then set RUNREEL_LISTEN and RUNREEL_ENDPOINT.";

async function examineReadiness(client: CollectorClient): Promise<Examination[]> {
  const { status, text } = await client.probe("/readyz");
  const { checks = [] } = jsonOf(text) as { checks?: { name: string; ok: boolean; detail: string }[] };
  if (checks.length === 0)
    return [{ name: "ready", state: status === 200 ? "ok" : "fault", found: `/readyz answered ${status}` }];
  return checks.map(({ name, ok, detail }) => ({ name, state: ok ? "ok" : "fault", found: detail || "ready" }));
}

async function examineKey(client: CollectorClient): Promise<Examination> {
  const name = "key";
  const { status } = await client.probe("/api/runs?limit=1");
  if (status === 401 || status === 403) {
    const found = client.apiKey === undefined ? "the collector wants a key" : "the collector does not know this key";
    return { name, state: "fault", found, advice: "Set RUNREEL_API_KEY to one of the keys it was started with." };
  }
  if (status !== 200) return { name, state: "fault", found: `GET /api/runs answered ${status}` };
  return { name, state: "ok", found: client.apiKey === undefined ? "none needed" : "accepted" };
}

async function examineClock(client: CollectorClient): Promise<Examination> {
  const name = "clock";
  const before = Date.now();
  const { headers } = await client.probe("/healthz");
  const theirs = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(theirs)) return { name, state: "ok", found: "the collector does not tell its time" };
  // The header has whole seconds: half a second is added, and the middle of the request is compared.
  const skewMs = Math.round(theirs + 500 - (before + Date.now()) / 2);
  if (Math.abs(skewMs) <= skewMaxMs) return { name, state: "ok", found: "agrees with the collector's" };
  return {
    name,
    state: "warning",
    found: `the collector's clock is ${Math.abs(skewMs) / 1000} s ${skewMs > 0 ? "ahead of" : "behind"} ours`,
    advice: "Steps of processes on different machines may stand in the wrong order. Set the clocks by NTP.",
  };
}

async function examineVersions(client: CollectorClient): Promise<Examination> {
  const { text } = await client.probe("/openapi.json");
  const { info } = jsonOf(text) as { info?: { version?: string } };
  const ours = version();
  const found = `command ${ours}, collector ${info?.version ?? "unknown"}, Node ${process.version}`;
  const isSame = info?.version === undefined || info.version === ours;
  if (isSame) return { name: "versions", state: "ok", found };
  return { name: "versions", state: "warning", found, advice: "Use the same version on both sides." };
}

async function examineDisk(environment: Environment): Promise<Examination> {
  const name = "disk";
  const folder = resolve(environment["RUNREEL_DATA"] ?? ".runreel");
  try {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const found = `${(free / 1024 ** 3).toFixed(1)} GiB free at ${folder}`;
    if (free >= freeMinBytes) return { name, state: "ok", found };
    return { name, state: "warning", found, advice: "Journal and database need room; shorten retention or make some." };
  } catch {
    return { name, state: "ok", found: `no data here (${folder})` };
  }
}

function examineEnvironment(environment: Environment): Examination[] {
  const name = "environment";
  const examinations: Examination[] = [];
  if (environment["RUNREEL_DISABLED"] === "1" || environment["OTEL_SDK_DISABLED"] === "true") {
    const found = "recording is switched off by RUNREEL_DISABLED or OTEL_SDK_DISABLED";
    examinations.push({ name, state: "warning", found, advice: "Programs started from this shell record nothing." });
  }
  if (environment["RUNREEL_REPLAY"] !== undefined) {
    const found = "RUNREEL_REPLAY is set by hand";
    examinations.push({
      name,
      state: "fault",
      found,
      advice: "Only `runreel replay` sets it, for the program it starts. Unset it.",
    });
  }
  const url = environment["CLICKHOUSE_URL"];
  const engine = url
    ? `CLICKHOUSE_URL points to ${url.replace(/\/\/[^@/]*@/, "//…@")}`
    : "embedded, unless the collector was started with a URL";
  return [...examinations, { name: "engine", state: "ok", found: engine }];
}

function jsonOf(text: string): unknown {
  try {
    return (JSON.parse(text) as unknown) ?? {};
  } catch {
    return {};
  }
}

/** The version of this package. */
export function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
