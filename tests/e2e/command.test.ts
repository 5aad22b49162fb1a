// The command against a real collector: what it prints for programs, its exit codes, and what a replay does and does not run again.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Collector, createCollector, loadConfig } from "@runreel/collector";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const command = join(root, "packages/cli/src/main.ts");
const program = join(import.meta.dirname, "programs/order-tea.ts");
const node = [process.execPath, "--conditions=runreel-source"];

let folder = "";
let collector: Collector;
let failedRunId = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "runreel-command-"));
  const loaded = loadConfig({
    environment: {},
    overrides: { listen: "127.0.0.1:0", dataDir: join(folder, "data"), logLevel: "error", block: { maxAgeMs: 20 } },
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  collector = await createCollector(loaded.config);
  await collector.listen();
  const { code, errors } = await start([...node, program]);
  if (code !== 1) throw new Error(`The program ended with ${code} instead of 1: ${errors}`);
  await collector.flush();
  failedRunId = (await json<{ runs: { runId: string }[] }>("runs")).runs[0]!.runId;
});

afterAll(async () => {
  await collector.stop();
  await rm(folder, { recursive: true, force: true });
});

const notesFile = (): string => join(folder, "notes");
const notes = async (): Promise<string[]> =>
  (await readFile(notesFile(), "utf8").catch(() => "")).split("\n").filter(Boolean);

beforeEach(() => rm(notesFile(), { force: true }));

interface Ended {
  code: number | null;
  output: string;
  errors: string;
}

function launch(argv: readonly string[], environment: Record<string, string> = {}): ChildProcess {
  const foreign = /^(RUNREEL|OTEL|CLICKHOUSE)_/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return spawn(argv[0]!, argv.slice(1), {
    env: {
      ...Object.fromEntries(kept),
      RUNREEL_ENDPOINT: collector.address,
      RUNREEL_USER: "ada",
      RUNREEL_SPOOL_DIR: join(folder, "spool"),
      NOTES: notesFile(),
      ...environment,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

async function start(argv: readonly string[], environment?: Record<string, string>, input = ""): Promise<Ended> {
  const child = launch(argv, environment);
  let [output, errors] = ["", ""];
  child.stdout!.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr!.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdin!.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output, errors };
}

const runreel = (line: string, environment?: Record<string, string>, input?: string): Promise<Ended> =>
  start([...node, command, ...line.split(" ").filter(Boolean)], environment, input);

async function json<T>(line: string): Promise<T> {
  const { code, output, errors } = await runreel(`${line} --json`);
  expect(code, errors).toBe(0);
  return JSON.parse(output) as T;
}

const replay = (options: string, environment?: Record<string, string>, input?: string): Promise<Ended> =>
  runreel(`replay ${failedRunId} ${options} -- ${[...node, program].join(" ")}`, environment, input);

test("A run is found by its id, the beginning of it, last and last-failed", async () => {
  for (const name of [failedRunId, failedRunId.slice(0, 4), "last-failed"]) {
    const { run, steps } = await json<{ run: { runId: string; status: string }; steps: { name: string }[] }>(
      `show ${name}`,
    );
    expect(run).toMatchObject({ runId: failedRunId, status: "error" });
    expect(steps.map(({ name: step }) => step)).toEqual(["price_of", "order"]);
  }
  const shown = await runreel("show last-failed");
  expect(shown.output).toContain('▸ price_of  tea="sencha"');
  expect(shown.output).toContain('✗ order  non-idempotent  grams=1000 tea="sencha"');
  expect(shown.output).toContain("RangeError: 1000 g is more tea than there is");
  expect(shown.output).toMatch(/at .*order-tea\.ts:\d+:\d+/);
  expect((await runreel("show last-failed --step 2")).output).toContain('"grams": 1000');
});

test("What a program could not deliver waits, is listed, and is sent once", async () => {
  const nobody = { RUNREEL_ENDPOINT: "http://127.0.0.1:9" };
  expect((await start([...node, program], nobody)).code).toBe(1);
  const { output } = await runreel("spool --json", nobody);
  const waiting = JSON.parse(output) as { folder: string; files: { spans: number }[] };
  const spans = waiting.files.reduce((sum, file) => sum + file.spans, 0);
  expect(spans).toBe(4);
  expect((await runreel("doctor", nobody)).output).toContain("4 spans wait in");
  expect(await runreel("spool send", nobody)).toMatchObject({ code: 6, output: "" });

  // What waits for one endpoint is not sent to another, so it is moved there by hand.
  const { folder: here, files } = await json<{ folder: string; files: unknown[] }>("spool");
  expect(files).toEqual([]);
  await rename(waiting.folder, here);
  expect((await runreel("spool")).output).toContain("runreel spool send");
  expect(await json("spool send")).toMatchObject({ spans: 4, rejectedSpans: 0, left: 0 });
  expect(await json("spool send")).toMatchObject({ files: 0, spans: 0 });
  await collector.flush();
  const { runs } = await json<{ runs: { runId: string; status: string; steps: number }[] }>("runs");
  expect(runs).toHaveLength(2);
  expect(runs[0]).toMatchObject({ status: "error", steps: 2 });
  failedRunId = runs[0]!.runId;
});

test("Every command answers programs with one document", async () => {
  expect(await json("checkpoints last-failed")).toMatchObject({ checkpoints: [{ label: "priced", afterStep: 1 }] });
  expect(await json("state last-failed --at 1")).toMatchObject({ state: { messages: [], price: 12 } });
  expect(await json("usage --by tool")).toMatchObject({ rows: expect.arrayContaining([]) as unknown });
  expect(await json("diff last-failed last-failed")).toMatchObject({ firstDivergence: null });
  expect(await json("doctor")).toMatchObject({
    endpoint: collector.address,
    checks: expect.arrayContaining([{ name: "reachable", state: "ok", found: "it answers" }]) as unknown,
  });
  const sql = await start([
    ...node,
    command,
    "sql",
    "SELECT count() AS n FROM spans WHERE step_kind = 'tool'",
    "--json",
  ]);
  expect(JSON.parse(sql.output)).toMatchObject({ columns: [{ name: "n" }] });
  const out = join(folder, "state.json");
  await runreel(`state last-failed --at 1 --out ${out}`);
  expect(JSON.parse(await readFile(out, "utf8"))).toEqual({ messages: [], price: 12 });
});

test.each([
  ["an unknown option", "runs --nonsense", 2],
  ["a missing argument", "show", 2],
  ["a prefix that is too short", "show 0af", 2],
  ["no such run", `show ${"0".repeat(32)}`, 5],
  ["no such step", "show last-failed --step 99", 5],
  ["bad SQL", "sql SELEKT", 2],
  ["a step before the first", "replay last-failed --from 0 -- true", 2],
  ["a path that names nothing", "replay last-failed --from 2 --set temperature=1 -- true", 2],
  ["a program that is not there", "replay last-failed --from 2 -- /no/such/program", 2],
  ["help", "replay --help", 0],
  ["the version", "--version", 0],
])("%s: `runreel %s` ends with %i", async (_what, line, code) => {
  expect(await runreel(line)).toMatchObject({ code });
});

test("An unreachable collector ends with 6 and says what to do", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  const nobody = { RUNREEL_ENDPOINT: `http://127.0.0.1:${port}` };
  const { code, errors } = await runreel("runs", nobody);
  expect(code).toBe(6);
  expect(errors).toContain("nobody listens there");
  expect(errors).toContain("runreel up");
  const told = await runreel("runs --json", nobody);
  expect(JSON.parse(told.output)).toMatchObject({ error: { code: "RUNREEL_COLLECTOR_UNREACHABLE" } });
  expect(await runreel("doctor", nobody)).toMatchObject({ code: 6 });
});

test("Without an answer the effect is blocked: exit 4, and nothing ran", async () => {
  const { code, output, errors } = await replay("--from 2 --json");
  expect(code).toBe(4);
  expect(JSON.parse(output)).toMatchObject({
    originRunId: failedRunId,
    from: 2,
    mode: "live",
    status: "error",
    divergence: null,
    served: 1,
    executed: 0,
    confirmed: 0,
    blocked: 1,
  });
  expect(errors).toContain("Step 2 wants to run order, which cannot be taken back");
  expect(await notes()).toEqual([]);
});

test.each([
  ["beforehand, by its number", "--confirm 2", ""],
  ["by a line of standard input", "--confirm stdin", "yes\n"],
])("A step confirmed %s runs with the corrected argument, and nothing before it", async (_how, confirm, input) => {
  const { code, output, errors } = await replay(`--from 2 ${confirm} --set step.2.arguments.grams=100`, {}, input);
  expect(code, errors).toBe(0);
  expect(output).toContain("1 served from the recording · 1 executed · 1 confirmed · 0 blocked");
  expect(await notes()).toEqual(["order 100 sencha"]);
  const rows = await start([
    ...node,
    command,
    "sql",
    "SELECT decision, decided_by FROM confirmations ORDER BY decided_at DESC LIMIT 1",
    "--json",
  ]);
  expect(JSON.parse(rows.output)).toMatchObject({ rows: [{ decision: "yes", decided_by: "ada" }] });
});

test("A program that takes another way is stopped: exit 3, with what was expected and what came", async () => {
  const { code, output } = await replay("--from 2 --json", { TEA: "assam" });
  expect(code).toBe(3);
  expect(JSON.parse(output)).toMatchObject({
    divergence: { step: 1, expected: { arguments: { tea: "sencha" } }, actual: { arguments: { tea: "assam" } } },
  });
  expect(await notes()).toEqual([]);
  const told = await replay("--from 2", { TEA: "assam" });
  expect(told.output).toMatch(/- +"tea": "sencha"\n +\+ +"tea": "assam"/);
});

test("A replay records even where recording is switched off: otherwise nothing would be served", async () => {
  expect(await replay("--from 2", { RUNREEL_DISABLED: "1" })).toMatchObject({ code: 4 });
  expect(await notes()).toEqual([]);
});

test("A changed state that a replay cannot bring about is refused before anything runs", async () => {
  const file = join(folder, "changed.json");
  await writeFile(file, JSON.stringify({ messages: [], price: 1 }));
  const { code, errors } = await replay(`--from 2 --state ${file}`);
  expect(code).toBe(2);
  expect(errors).toContain("cannot be carried into the program: price");
  expect(await notes()).toEqual([]);
});

test("A signal reaches the program, and its run is told of as it stands", async () => {
  const child = launch([...node, command, "replay", failedRunId, "--from", "2", "--", ...node, program], { HANG: "1" });
  while (!(await notes()).includes("waiting")) await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill("SIGTERM");
  const [code] = (await once(child, "close")) as [number | null];
  expect(code).toBe(1);
  expect(await notes()).toEqual(["waiting", "SIGTERM"]);
});

test("`up` tells every fault of its configuration at once and ends with 2", async () => {
  const faulty = { RUNREEL_LISTEN: "0.0.0.0:4318", RUNREEL_LOG_LEVEL: "loud" };
  const { code, errors } = await runreel("up", faulty);
  expect(code).toBe(2);
  expect(errors).toContain("apiKeys");
  expect(errors).toContain("logLevel");
});

test("`up` says what keeps it from starting, without a stack", async () => {
  const taken = new URL(collector.address).host;
  const { code, errors } = await runreel(`up --listen ${taken} --data ${join(folder, "other")}`);
  expect(code).toBe(1);
  expect(errors).toMatch(/runreel: .*something else listens there/);
  expect(errors).not.toContain("    at ");
  const locked = await runreel(`up --listen 127.0.0.1:0 --data ${join(folder, "data")}`);
  expect(locked).toMatchObject({ code: 1, output: "" });
  expect(locked.errors).not.toContain("    at ");
});

test("`up` listens, says where, and stops in order on a signal", async () => {
  const child = launch([...node, command, "up", "--listen", "127.0.0.1:0", "--data", join(folder, "up"), "--json"]);
  let errors = "";
  child.stderr!.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  let output = "";
  for await (const chunk of child.stdout! as AsyncIterable<Buffer>) {
    output += chunk.toString();
    if (output.trimEnd().endsWith("}")) break;
  }
  const { address } = JSON.parse(output) as { address: string };
  expect((await fetch(`${address}/readyz`)).status).toBe(200);
  child.kill("SIGINT");
  const [code] = (await once(child, "exit")) as [number | null];
  expect(code).toBe(0);
  expect(errors).toContain("Stopped.");
});
