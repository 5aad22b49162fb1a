// Two copies of the built SDK in one process, as a tree of dependencies can bring them: they are one recorder.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import { treeOf } from "../../packages/sdk/test/coexistence/host.ts";
import { createOtlpSink } from "../../packages/sdk/test/otlp-sink.ts";
import type { OtlpSink } from "../../packages/sdk/test/otlp-sink.ts";

const root = join(import.meta.dirname, "../..");
let folder = "";
let sink: OtlpSink;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "runreel-two-copies-"));
  install("one");
  // The other copy is of another version.
  const built = join(install("other"), "dist/start.js");
  const code = readFileSync(built, "utf8");
  const changed = code.replace('const version = "0.1.0"', 'const version = "0.1.7"');
  if (changed === code) throw new Error(`${built} names no version`);
  writeFileSync(built, changed);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  sink = await createOtlpSink();
});

afterEach(() => sink[Symbol.asyncDispose]());

/** Copies what is published of the SDK into the `node_modules` of a package, and lends it its dependencies. */
function install(name: string): string {
  const modules = join(folder, name, "node_modules");
  const copy = join(modules, "@runreel/sdk");
  mkdirSync(join(modules, "@opentelemetry"), { recursive: true });
  cpSync(join(root, "packages/sdk/package.json"), join(copy, "package.json"));
  cpSync(join(root, "packages/sdk/dist"), join(copy, "dist"), { recursive: true });
  for (const dependency of ["@runreel/content", "@runreel/semconv", "@opentelemetry/api"]) {
    symlinkSync(join(root, "node_modules", dependency), join(modules, dependency), "junction");
  }
  for (const [file, code] of [
    ["index.mjs", 'export * from "@runreel/sdk"; export { recorder } from "@runreel/sdk/adapter";'],
    ["index.cjs", 'module.exports = require("@runreel/sdk");'],
  ]) {
    writeFileSync(join(folder, name, file!), code!);
  }
  return copy;
}

async function execute(code: string): Promise<{ output: unknown; errors: string }> {
  const file = join(folder, "program.mjs");
  const imports = `import * as one from "./one/index.mjs";\nimport * as other from "./other/index.mjs";\n`;
  writeFileSync(file, `${imports}${code}`);
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env["PATH"], RUNREEL_ENDPOINT: sink.endpoint, RUNREEL_SPOOL_DIR: join(folder, "spool") },
  });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  await once(child, "close");
  return { output: output === "" ? undefined : JSON.parse(output), errors };
}

test("what either is told is recorded once, in one tree, and either knows of all of it", async () => {
  const { output, errors } = await execute(`
    one.start({ serviceName: "one" });
    other.start({ serviceName: "other" });
    const look = (sdk) => sdk.tool({ name: "look", effect: "read", execute: async (place) => place });
    await one.run("outer", async () => {
      await look(other)("here");
      await other.run("inner", () => look(one)("there"), { agent: { name: "helper" } });
      other.recorder().beginCode({ name: "hooked", effect: "read" }).end();
    });
    const flushed = await other.flush();
    const counts = ({ recorded, delivered, state }) => ({ recorded, delivered, state });
    console.log(JSON.stringify({
      areCopies: one.run !== other.run,
      flushed: flushed.delivered,
      one: counts(one.status()),
      other: counts(other.status()),
      required: process.getBuiltinModule("node:module").createRequire(import.meta.url)("./one/index.cjs").run === one.run,
    }));
  `);
  expect(errors).toBe("");
  const counts = { recorded: 5, delivered: 5, state: "recording" };
  expect(output).toEqual({ areCopies: true, flushed: 5, one: counts, other: counts, required: true });
  expect(treeOf(sink.spans())).toEqual([
    ["execute_tool look", "inner"],
    ["execute_tool look", "outer"],
    ["hooked", "outer"],
    ["inner", "outer"],
    ["outer", undefined],
  ]);
  expect(new Set(sink.spans().map((span) => span.resource["service.name"]))).toEqual(new Set(["one"]));
  const inner = sink.spans().find((span) => span.attributes["gen_ai.agent.name"] === "helper" && span.name !== "inner");
  expect(inner?.name).toBe("execute_tool look");
});

test("one may stop what the other has started, and start again", async () => {
  const { output, errors } = await execute(`
    one.start();
    await one.run("first", () => 1);
    await other.shutdown();
    await one.run("unheard", () => 1);
    other.start();
    await one.run("second", () => 1);
    console.log(JSON.stringify(one.status().state));
  `);
  expect({ output, errors }).toEqual({ output: "recording", errors: "" });
  expect(sink.spans().map((span) => span.name)).toEqual(["first", "second"]);
});

test("a copy that is too far away to share with is told of in one line", async () => {
  const { errors } = await execute(`
    globalThis[Symbol.for("runreel.sdk.9")] = { session: {} };
    one.start();
    other.start();
    await one.run("mine", () => 1);
  `);
  expect(errors.trim().split("\n")).toEqual([
    expect.stringContaining("another version of @runreel/sdk (runreel.sdk.9)"),
  ]);
  expect(sink.spans().map((span) => span.name)).toEqual(["mine"]);
});
