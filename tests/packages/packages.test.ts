// What users install: each public package is packed as npm would publish it, checked by publint and attw, installed together into an empty folder
// outside the repository, and the examples of its README run there.
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const bin = (name: string): string => join(root, "node_modules/.bin", name);
const folders = ["semconv", "content", "sdk", "adapters/langchain", "collector", "cli"];
const manifest = (folder: string): { name: string; version: string } =>
  JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8")) as { name: string; version: string };

const tarballs = new Map<string, string>();
let outside: string;

beforeAll(async () => {
  outside = mkdtempSync(join(tmpdir(), "runreel-packages-"));
  for (const folder of folders) {
    const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", outside], {
      cwd: join(root, "packages", folder),
    });
    const packed = JSON.parse(stdout) as [{ filename: string }] | Record<string, { filename: string }>;
    const [entry] = Array.isArray(packed) ? packed : Object.values(packed);
    tarballs.set(folder, join(outside, entry?.filename ?? ""));
  }
}, 120_000);

afterAll(() => rmSync(outside, { recursive: true, force: true }));

describe.each(folders)("packages/%s", (folder) => {
  test("is sound by publint and attw", async () => {
    const tarball = tarballs.get(folder) ?? "";
    const attw = [tarball, "--profile", "esm-only", "--no-emoji", "--no-color"];
    await expect(run(bin("publint"), ["run", tarball, "--strict"])).resolves.toBeDefined();
    await expect(run(bin("attw"), attw)).resolves.toBeDefined();
  });
});

describe("installed into an empty folder", () => {
  beforeAll(async () => {
    // The pins that LangChain's own packages need to agree with one another, as at the root.
    const { overrides } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { overrides: object };
    const user = { name: "a-user", private: true, type: "module", overrides };
    writeFileSync(join(outside, "package.json"), JSON.stringify(user));
    const host = ["langchain", "@langchain/core", "@langchain/langgraph", "@langchain/langgraph-checkpoint"].map(
      (name) => `${name}@${installedVersion(name)}`,
    );
    // Without the optional engine, which is half a gigabyte: those who have a ClickHouse server install like this too.
    const args = ["install", ...tarballs.values(), ...host, "--omit=optional", "--prefer-offline", "--ignore-scripts"];
    await run("npm", [...args, "--no-audit", "--no-fund", "--legacy-peer-deps"], { cwd: outside });
  }, 300_000);

  test("the command says how to use it", async () => {
    const { stdout } = await run(process.execPath, [join(outside, "node_modules/runreel/dist/main.js"), "--help"]);
    expect(stdout).toContain("replay");
  });

  test.each(folders.filter((folder) => folder !== "cli"))("packages/%s can be imported", async (folder) => {
    const code = `import * as all from ${JSON.stringify(manifest(folder).name)}; console.log(Object.keys(all).length)`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code], { cwd: outside });
    expect(Number(stdout)).toBeGreaterThan(0);
  });

  test.each(["sdk", "adapters/langchain"])("the first example of packages/%s/README.md runs", async (folder) => {
    const readme = readFileSync(join(root, "packages", folder, "README.md"), "utf8");
    const example = /```ts\n(.*?)```/s.exec(readme)?.[1];
    expect(example, "a ```ts block in the README").toBeDefined();
    const file = join(outside, `${folder.replace("/", "-")}-example.ts`);
    writeFileSync(file, example ?? "");
    await using sink = await startSink();
    await run(process.execPath, [file], {
      cwd: outside,
      env: { ...process.env, RUNREEL_ENDPOINT: sink.url, OPENAI_API_KEY: "none" },
    });
    expect(sink.requests, "requests to /v1/traces").toBeGreaterThan(0);
  });
});

const installedVersion = (name: string): string =>
  (JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")) as { version: string }).version;

/** Answers as a collector does that stores nothing. */
async function startSink(): Promise<{ url: string; readonly requests: number } & AsyncDisposable> {
  let requests = 0;
  const server = createServer((request, response) => {
    if (request.url === "/v1/traces") requests++;
    request.resume().on("end", () => response.writeHead(200, { "content-type": "application/x-protobuf" }).end());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
