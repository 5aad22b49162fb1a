// Proves that the example is a real agent that fails at its seventh step by itself, and that the marked lines are all that Runreel adds.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { afterAll, beforeAll, expect, test } from "vitest";

const folder = import.meta.dirname;
const plainAgent = join(folder, `.plain-agent-${process.pid}.ts`);
let modelServer: ChildProcess;
let modelUrl = "";
let scratch = "";

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "ticket-scout-"));
  modelServer = spawn(process.execPath, [join(folder, "../model-server/model-server.ts")], {
    env: { ...process.env, MODEL_PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: modelServer.stdout! });
  const [line] = (await once(lines, "line")) as [string];
  modelUrl = line.replace(/^.* on /, "");
});

afterAll(async () => {
  modelServer.kill();
  await rm(scratch, { recursive: true, force: true });
  await rm(plainAgent, { force: true });
});

interface Ended {
  code: number | null;
  output: string;
  errors: string;
  toolCalls: string[];
  modelRequests: number;
}

async function runAgent(file: string, environment: Record<string, string> = {}): Promise<Ended> {
  const data = await mkdtemp(join(scratch, "run-"));
  const before = await modelRequests();
  const child = spawn(process.execPath, ["--conditions=runreel-source", file], {
    env: { ...process.env, EXAMPLE_DATA: data, OPENAI_BASE_URL: modelUrl, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  const toolCalls = (await readFile(join(data, "tool-calls.log"), "utf8")).trim().split("\n");
  return { code, output, errors, toolCalls, modelRequests: (await modelRequests()) - before };
}

async function modelRequests(): Promise<number> {
  const answer = await fetch(new URL("/count", modelUrl));
  return ((await answer.json()) as { requests: number }).requests;
}

test("Without the marked lines the agent does the same, and fails at its seventh step", async () => {
  const lines = (await readFile(join(folder, "agent.ts"), "utf8")).split("\n");
  const plain = lines.filter((line) => !line.endsWith("// runreel"));
  expect(lines.length - plain.length).toBeLessThanOrEqual(12);
  expect(plain.join("\n").match(/runreel/gi)).toHaveLength(1); // the comment that explains the marks
  await writeFile(plainAgent, plain.join("\n"));

  const without = await runAgent(plainAgent);
  expect(without.code).toBe(1);
  expect(without.errors).toBe(
    'The agent failed: RangeError: No exchange rate for "kr": expected an ISO 4217 code, one of EUR, NOK, SEK, DKK, ISK, GBP, USD\n',
  );
  expect(without.modelRequests).toBe(3);
  expect(without.toolCalls).toEqual(["search_web", "search_web", "read_page", "convert_currency"]);

  const disabled = await runAgent(join(folder, "agent.ts"), { RUNREEL_DISABLED: "1" });
  expect(disabled).toEqual(without);
  // Nobody listens on port 9: the SDK says so in one line, and nothing else changes.
  const unheard = await runAgent(join(folder, "agent.ts"), { RUNREEL_ENDPOINT: "http://127.0.0.1:9" });
  expect(unheard).toMatchObject({ code: 1, output: without.output, toolCalls: without.toolCalls, modelRequests: 3 });
  expect(unheard.errors).toContain(without.errors);
});

test("The model server answers with and without streaming, with usage, and says when it does not understand", async () => {
  const messages = [{ role: "user", content: "Mail a report to travel@example.com." }];
  const ask = (body: string): Promise<Response> =>
    fetch(`${modelUrl}/chat/completions`, { method: "POST", headers: { "content-type": "application/json" }, body });

  const whole = await (await ask(JSON.stringify({ model: "gpt-5-mini", messages }))).json();
  expect(whole).toMatchObject({
    object: "chat.completion",
    choices: [{ finish_reason: "tool_calls", message: { tool_calls: [{ function: { name: "search_web" } }, {}] } }],
    usage: { prompt_tokens_details: { cached_tokens: 0 } },
  });

  const request = { model: "gpt-5-mini", messages, stream: true, stream_options: { include_usage: true } };
  const events = (await (await ask(JSON.stringify(request))).text()).trim().split("\n\n");
  expect(events.at(-1)).toBe("data: [DONE]");
  const last = JSON.parse(events.at(-2)!.slice("data: ".length)) as { choices: unknown[]; usage: object };
  expect(last.choices).toEqual([]);
  expect(last.usage).toEqual((whole as { usage: object }).usage);

  const refused = await ask("no JSON");
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ error: { type: "invalid_request_error" } });
});
