// `npm run demo`: an agent is recorded, fails at step 7, is looked at, and is replayed from step 7 without repeating what it did before.
// Everything it says it has looked at; a claim that does not hold ends it with exit code 1.
import { mkdir, rm } from "node:fs/promises";
import { delimiter, join, relative } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { claim, FalseClaim, heading, quoted, say, typed } from "./demo/narration.ts";
import { type Ended, freePort, Processes } from "./demo/processes.ts";
import { askWitnesses, since, type Witnesses } from "./demo/witnesses.ts";

const root = join(import.meta.dirname, "..");
const runreel = join(root, "packages/cli/bin/runreel.js");
const agent = "examples/langchain-agent/agent.ts";
const lookAround =
  "SELECT tool, served, count() AS calls, round(avg(duration_ns) / 1e6, 1) AS ms FROM spans WHERE step_kind = 'tool' GROUP BY tool, served ORDER BY tool, served";
const correction = "step.7.arguments.from=NOK";

process.chdir(root);
const data = process.argv[2] ?? ".runreel/demo";
const agentFolder = join(data, "agent");

/** The demo's own surroundings: nothing that is set for other programs may change what happens. */
function cleanEnvironment(): Record<string, string | undefined> {
  const foreign = /^(RUNREEL|OTEL|CLICKHOUSE|OPENAI|LANGCHAIN|LANGSMITH)_/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const path = [join(root, "node_modules/.bin"), process.env["PATH"] ?? ""].join(delimiter);
  return {
    ...Object.fromEntries(kept),
    PATH: path,
    EXAMPLE_DATA: agentFolder,
    RUNREEL_USER: "you, in the demo",
    RUNREEL_LOG_LEVEL: "warn",
  };
}

async function demo(): Promise<void> {
  const began = Date.now();
  const [port, modelPort] = [await freePort(4318), await freePort(4010)];
  const environment = {
    ...cleanEnvironment(),
    RUNREEL_ENDPOINT: `http://127.0.0.1:${port}`,
    OPENAI_BASE_URL: `http://127.0.0.1:${modelPort}/v1`,
  };
  await using processes = new Processes(environment);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void processes[Symbol.asyncDispose]().then(() => process.exit(130));
    });
  }

  heading(1, "A collector with its own ClickHouse, and a model server to talk to");
  typed(`npx runreel up --listen 127.0.0.1:${port} --data ${shown(data)} &`);
  await mkdir(data, { recursive: true });
  say(await processes.serve(runreel, ["up", "--listen", `127.0.0.1:${port}`, "--data", data]));
  typed("node examples/model-server/model-server.ts &");
  say(await processes.serve("examples/model-server/model-server.ts", [], { MODEL_PORT: String(modelPort) }));
  if (port !== 4318)
    say(`(4318 is taken, so this demo listens on ${port}: export RUNREEL_ENDPOINT=${environment.RUNREEL_ENDPOINT})`);
  // Only now: had another demo been running on this folder, the collector would not have started.
  await rm(agentFolder, { recursive: true, force: true });

  const ask = (): Promise<Witnesses> => askWitnesses(agentFolder, environment.OPENAI_BASE_URL);
  await recordFailure(processes, ask);
  await look(processes);
  await replayUnanswered(processes, ask);
  await replayAnswered(processes, ask);
  await compare(processes);
  farewell(Date.now() - began);
}

const shown = (path: string): string => relative(root, join(root, path)) || path;

/** Runs the command, shows it as typed, and gives its output. */
async function command(processes: Processes, line: string, linesMax?: number): Promise<Ended> {
  typed(`npx runreel ${line}`);
  const ended = await processes.run(runreel, line.split(" "), { isQuiet: linesMax !== undefined });
  if (linesMax !== undefined) quoted(ended.output, linesMax);
  return ended;
}

async function json<T>(processes: Processes, line: string): Promise<T> {
  const { code, output } = await processes.run(runreel, [...line.split(" "), "--json"], { isQuiet: true });
  if (code !== 0) throw new FalseClaim(`runreel ${line}: exit code ${code}\n${output}`);
  return JSON.parse(output) as T;
}

/** Spans wait half a second for company before they are stored. A person types slower than that. */
async function awaitFailedRun(processes: Processes, since: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const { runs } = await json<{ runs: unknown[] }>(processes, `runs --status error --since ${since}`);
    if (runs.length > 0) return;
    await wait(200);
  }
  throw new FalseClaim("the failed run has not arrived at the collector");
}

async function recordFailure(processes: Processes, ask: () => Promise<Witnesses>): Promise<void> {
  heading(2, "An agent runs, and fails at its seventh step");
  say("Five tools, a real LangChain agent, recorded by the lines that end in `// runreel`. The task: what does a");
  say("conference ticket cost, in euro? Mail a report.\n");
  typed(`node ${agent}`);
  const began = new Date().toISOString();
  const { code } = await processes.run(agent, []);
  const { toolCalls, modelRequestsByTurn, mails } = await ask();
  claim("the agent failed", code, 1);
  claim("the tools say they ran: search_web 2, read_page 1, convert_currency 1", toolCalls, {
    search_web: 2,
    read_page: 1,
    convert_currency: 1,
  });
  claim("the model server says it was asked 3 times", modelRequestsByTurn, [1, 1, 1, 0, 0, 0]);
  claim("no mail has left", mails.length, 0);
  await awaitFailedRun(processes, began);
}

interface ShownRun {
  run: { runId: string; status: string; steps: number; costUsd: string | null };
  steps: {
    index: number;
    kind: string;
    name: string;
    error: { stack: string | null } | null;
    reasoning: string | null;
  }[];
}

async function look(processes: Processes): Promise<void> {
  heading(3, "What happened?");
  const { output } = await command(processes, "show last-failed");
  const { run, steps } = await json<ShownRun>(processes, "show last-failed");
  claim("seven steps were recorded, and the run stands as failed", [run.steps, run.status], [7, "error"]);
  claim(
    "in this order",
    steps.map(({ name }) => name),
    ["gpt-5-mini", "search_web", "search_web", "gpt-5-mini", "read_page", "gpt-5-mini", "convert_currency"],
  );
  claim(
    "step 7 has its error, with the line of tools.ts that threw",
    /tools\.ts:\d+/.test(steps[6]?.error?.stack ?? ""),
    true,
  );
  claim(
    "the model's reasoning, the tokens and their price are there",
    [steps[0]?.reasoning?.startsWith("I need three facts"), output.includes("cached"), Number(run.costUsd) > 0],
    [true, true, true],
  );
}

async function replayUnanswered(processes: Processes, ask: () => Promise<Witnesses>): Promise<void> {
  heading(4, "Correct step 7 and replay from there");
  say('"kr" is what the price tag says; the currency is NOK. What did the agent know after step 6?\n');
  await command(processes, "state last-failed --at 6", 24);
  const { state } = await json<{ state: { messages?: unknown[] } | null }>(processes, "state last-failed --at 6");
  claim("the state holds the conversation so far", (state?.messages?.length ?? 0) > 0, true);

  say(
    "\nFirst with nobody there to answer. Steps 1 to 6 come from the recording; before send_mail somebody is asked.\n",
  );
  const before = await ask();
  const { code } = await command(processes, `replay last-failed --from 7 --set ${correction} -- node ${agent}`);
  const happened = since(before, await ask());
  claim("exit code 4: an effect was not confirmed", code, 4);
  claim("the outbox is empty", happened.mails.length, 0);
  claimServed(happened, { convert_currency: 1, write_report: 1 });
  claim("the model was asked for steps 8 and 10", happened.modelRequestsByTurn.slice(3), [1, 1, 0]);
}

async function replayAnswered(processes: Processes, ask: () => Promise<Witnesses>): Promise<void> {
  say(
    "\nThe same with somebody who answers: at a terminal the command asks there, here it reads the answer from a pipe.\n",
  );
  const before = await ask();
  const line = `replay last-failed --from 7 --set ${correction} --confirm stdin -- node ${agent}`;
  typed(`echo yes | npx runreel ${line}`);
  const { code } = await processes.run(runreel, line.split(" "), {
    answer: { after: "Step 11 wants to run send_mail", text: "yes" },
  });
  const after = await ask();
  const happened = since(before, after);
  claim("exit code 0", code, 0);
  claimServed(happened, { convert_currency: 1, write_report: 1, send_mail: 1 });
  claim("the model was asked for steps 8, 10 and 12", happened.modelRequestsByTurn.slice(3), [1, 1, 1]);
  claim("the outbox holds exactly one mail", after.mails.length, 1);
  const [mail] = after.mails;
  claim("and it has the corrected price", mail?.body.includes("421.74 EUR (4950 NOK)"), true);
  say(
    `\n    To: ${mail?.to}\n    Subject: ${mail?.subject}\n\n${(mail?.body ?? "").trimEnd().replaceAll(/^/gm, "    ")}`,
  );
}

/** Steps 1 to 6 are two searches, a page and three answers of the model. */
function claimServed(happened: Witnesses, ran: Record<string, number>): void {
  const { search_web: searches = 0, read_page: pages = 0 } = happened.toolCalls;
  claim("of steps 1 to 6, 0 tools were executed", searches + pages, 0);
  claim("of steps 1 to 6, 0 model requests were made", happened.modelRequestsByTurn.slice(0, 3), [0, 0, 0]);
  claim(`what ran: ${Object.keys(ran).join(", ")}`, happened.toolCalls, ran);
}

async function compare(processes: Processes): Promise<void> {
  heading(5, "What changed, and what did it cost?");
  await command(processes, "diff last-failed last");
  const diff = await json<{ firstDivergence: number | null }>(processes, "diff last-failed last");
  claim("the two runs differ from step 7 on", diff.firstDivergence, 7);
  const last = await json<ShownRun>(processes, "show last");
  claim("the replay took twelve steps and stands as ok", [last.run.steps, last.run.status], [12, "ok"]);
  say("");
  await command(processes, "usage --by agent,model");
  const { rows } = await json<{ rows: { agent: string; model: string | null; costUsd: string | null }[] }>(
    processes,
    "usage --by agent,model",
  );
  const row = rows.find(({ agent: name, model }) => name === "ticket-scout" && model?.startsWith("gpt-5-mini"));
  claim("the model's cost is known", Number(row?.costUsd) > 0, true);
  say("");
  await command(processes, "runs --limit 3");
  say("");
  typed(`npx runreel sql "${lookAround}"`);
  const sql = await processes.run(runreel, ["sql", lookAround]);
  claim("the query works", sql.code, 0);
}

function farewell(tookMs: number): void {
  say(`
That was ${(tookMs / 1000).toFixed(1)} s. Everything is stopped again; the recordings are in ${shown(data)}.

Your own agent:
  npm install @runreel/sdk @runreel/langchain
  import { start } from "@runreel/sdk";                    start();
  import { runreelMiddleware } from "@runreel/langchain";  createAgent({ …, middleware: [runreelMiddleware()] })
  On tools that change the world: metadata: { effect: "non_idempotent" }. Without an adapter: run(), tool(), inference().

Look around in what was recorded here:
  npx runreel up --data ${shown(data)}
  npx runreel sql 'SHOW TABLES'
  npx runreel sql "${lookAround}"
  npx runreel --help`);
}

try {
  await demo();
} catch (error) {
  console.error(`\nThe demo failed. ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
