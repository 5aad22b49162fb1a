// Runs `npm run demo` as a person would, after a build, and checks from outside what it says: the demo's own claims are not taken for true.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "runreel-demo-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function demo(): Promise<{ code: number | null; text: string }> {
  const child: ChildProcess = spawn(process.execPath, [join(root, "scripts/demo.ts"), folder], {
    stdio: ["ignore", "pipe", "pipe"],
    // Variables of other programs must not change what the demo does.
    env: { ...process.env, RUNREEL_DISABLED: "1", OPENAI_BASE_URL: "http://127.0.0.1:9", NO_COLOR: "1" },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, text: stripVTControlCharacters(text) };
}

test(
  "The demo does what it says: a failed run is replayed from step 7, and one mail leaves",
  { timeout: 180_000 },
  async () => {
    const { code, text } = await demo();
    expect(code, text).toBe(0);

    const outbox = (await readFile(join(folder, "agent/outbox.jsonl"), "utf8")).trim().split("\n");
    expect(outbox.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { to: "travel@example.com", body: expect.stringContaining("421.74 EUR (4950 NOK)") as string },
    ]);
    // Once by the failed run, then by two replays from step 7: nothing before it ran again.
    const toolCalls = (await readFile(join(folder, "agent/tool-calls.log"), "utf8")).trim().split("\n");
    const replayed = ["convert_currency", "write_report"];
    const firstRun = ["search_web", "search_web", "read_page", "convert_currency"];
    expect(toolCalls).toEqual([firstRun, replayed, replayed, "send_mail"].flat());

    const typed = text.split("\n").filter((line) => line.startsWith("$ "));
    expect(typed.map((line) => line.split(" ").slice(1, 4).join(" "))).toEqual([
      "npx runreel up",
      "node examples/model-server/model-server.ts &",
      "node examples/langchain-agent/agent.ts",
      "npx runreel show",
      "npx runreel state",
      "npx runreel replay",
      "echo yes |",
      "npx runreel diff",
      "npx runreel usage",
      "npx runreel runs",
      "npx runreel sql",
    ]);
    expect(text).toMatch(/✗ convert_currency {2}amount=4950 from="kr" to="EUR"/);
    expect(text).toContain("at rateOf (examples/langchain-agent/tools.ts:");
    expect(text).toContain("▶   7 ≠");
    expect(text).toContain("Run it? no (no terminal to ask at");
    expect(text).toContain("Step 11 wants to run send_mail, which cannot be taken back");
  },
);

test("A second demo starts on what the first one left, and stops everything again", { timeout: 180_000 }, async () => {
  const { code, text } = await demo();
  expect(code, text).toBe(0);
  const [, endpoint = ""] = /^Ready after .*(http:\/\/[\d.:]+)/m.exec(text) ?? [];
  await expect(fetch(`${endpoint}/healthz`)).rejects.toThrow("fetch failed");
});

test("A demo that cannot do what it says ends with 1 and says why", { timeout: 60_000 }, async () => {
  const child = spawn(process.execPath, [join(root, "scripts/demo.ts"), "/dev/null/nowhere"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const [code] = (await once(child, "close")) as [number | null];
  expect(code).toBe(1);
  expect(errors).toContain("The demo failed.");
});
