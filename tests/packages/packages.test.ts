// What users install: each public package is packed as npm would publish it, checked by publint and attw, installed together into an empty folder
// outside the repository, and the examples of its README run there.
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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
    const user = { name: "a-user", private: true, type: "module" };
    writeFileSync(join(outside, "package.json"), JSON.stringify(user));
    const host = ["langchain", "@langchain/core", "@langchain/langgraph", "@langchain/langgraph-checkpoint"].map(
      (name) => `${name}@${installedVersion(name)}`,
    );
    // Without the optional engine, which is half a gigabyte and is lent from here below.
    const args = ["install", ...tarballs.values(), ...host, "--omit=optional", "--prefer-offline", "--ignore-scripts"];
    await run("npm", [...args, "--no-audit", "--no-fund", "--legacy-peer-deps"], { cwd: outside });
    for (const name of ["chdb", "ffi-rs"]) {
      symlinkSync(join(root, "node_modules", name), join(outside, "node_modules", name), "junction");
    }
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

  test.each(folders.filter((folder) => folder !== "cli"))(
    "the example of packages/%s/README.md runs",
    async (folder) => {
      const file = join(outside, `${folder.replace("/", "-")}-example.ts`);
      writeFileSync(file, exampleOf(folder));
      const env = { ...process.env, RUNREEL_DISABLED: "1" };
      await expect(run(process.execPath, [file], { cwd: outside, env })).resolves.toBeDefined();
    },
  );

  test.each(["sdk", "adapters/langchain"])("the example of packages/%s/README.md records", async (folder) => {
    const file = join(outside, `${folder.replace("/", "-")}-example.ts`);
    writeFileSync(file, exampleOf(folder));
    await using sink = await startSink();
    await run(process.execPath, [file], { cwd: outside, env: { ...process.env, RUNREEL_ENDPOINT: sink.url } });
    expect(sink.requests, "requests to /v1/traces").toBeGreaterThan(0);
  });
});

/** The first block of TypeScript in a package's README. It may find the port of a collector taken, so it gets a free one. */
function exampleOf(folder: string): string {
  const readme = readFileSync(join(root, "packages", folder, "README.md"), "utf8");
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1];
  if (example === undefined) throw new Error(`packages/${folder}/README.md has no block of ts`);
  return example.replace("127.0.0.1:4318", "127.0.0.1:0");
}

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
