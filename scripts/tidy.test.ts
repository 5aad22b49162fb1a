// The rules of the house that a compiler does not know: who may import whom, how large a room may become, which names are banned.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const git = (...args: string[]): string[] => execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\0");
const files = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").filter(
  (file) => file !== "" && existsSync(join(root, file)),
);
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const sources = files.filter((file) => /\.(ts|mjs)$/.test(file) && !/(^|\/)fixtures\//.test(file));
const isTest = (file: string): boolean => file.endsWith(".test.ts") || /(^|\/)test\//.test(file);

/** `from "x"` and `import("x")` of a file. */
const importsOf = (file: string): string[] =>
  [...read(file).matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");

/** In these folders of a package, a stage sees itself and what is listed; the files directly in `src` are the wiring and see all. */
const stages: Record<string, { open: string[] }> = {
  "packages/sdk": { open: ["content"] },
  "packages/collector": { open: ["model"] },
};

test("stages do not import one another", () => {
  const faults: string[] = [];
  for (const [name, { open }] of Object.entries(stages)) {
    for (const file of sources.filter((file) => file.startsWith(`${name}/src/`) && !isTest(file))) {
      const stage = file.slice(`${name}/src/`.length).split("/");
      if (stage.length === 1) continue;
      for (const target of importsOf(file).filter((target) => target.startsWith("."))) {
        const to = normalize(join(dirname(file), target))
          .slice(`${name}/src/`.length)
          .split("/");
        if (to.length === 1 || to[0] === stage[0] || open.includes(to[0] ?? "")) continue;
        // Types say what a stage expects of its neighbour without binding it to the neighbour's code.
        if (typesOnly(file, target)) continue;
        faults.push(`${file} imports ${target}`);
      }
    }
  }
  expect(faults).toEqual([]);
});

const typesOnly = (file: string, target: string): boolean =>
  [...read(file).matchAll(/(import|export)\s+(type\s+)?[^;"]*?from\s*"([^"]+)"/g)]
    .filter((match) => match[3] === target)
    .every((match) => match[2] !== undefined);

test("packages depend in one direction", () => {
  const mayUse: Record<string, string[]> = {
    "packages/semconv": [],
    "packages/content": [],
    "packages/sdk": ["@runreel/semconv", "@runreel/content"],
    "packages/adapters/langchain": ["@runreel/semconv", "@runreel/content", "@runreel/sdk"],
    "packages/collector": ["@runreel/semconv", "@runreel/content"],
    "packages/cli": ["@runreel/semconv", "@runreel/content", "@runreel/collector", "@runreel/sdk"],
  };
  const faults: string[] = [];
  for (const [name, allowed] of Object.entries(mayUse)) {
    for (const file of sources.filter((file) => file.startsWith(`${name}/src/`) && !isTest(file))) {
      for (const target of importsOf(file).filter((target) => /^(@runreel\/|runreel$)/.test(target))) {
        const owner = target.split("/").slice(0, 2).join("/");
        if (!allowed.includes(owner)) faults.push(`${file} imports ${target}`);
      }
    }
  }
  expect(faults).toEqual([]);
});

test("no room is crowded", () => {
  const generated = /attributes\.ts$/;
  const crowded = sources
    .filter((file) => !isTest(file) && !generated.test(file))
    .map((file) => ({ file, lines: read(file).split("\n").length }))
    .filter(({ lines }) => lines > 300);
  expect(crowded).toEqual([]);
});

test("no file or folder is named after nothing", () => {
  const banned = /(^|\/)(utils?|helpers?|common|shared|lib|misc|manager|types|v1|v2|legacy)(\.[a-z.]+)?(\/|$)/;
  expect(files.filter((file) => banned.test(file))).toEqual([]);
});

test("no paths of this machine, registry hosts or leftovers in what is committed", () => {
  const self = "scripts/tidy.test.ts";
  const banned = [root, `${homedir()}/`, "registry.npmjs.org", "FIXME", "TODO"].filter((word) => word.length > 3);
  const faults = files
    .filter((file) => !/\.(png|gz|pb|zst)$/.test(file) && file !== "package-lock.json" && file !== self)
    .flatMap((file) => banned.filter((word) => read(file).includes(word)).map((word) => `${file}: ${word}`));
  expect(faults).toEqual([]);
});

test("the picture in docs/architecture.md names the folders that are there", () => {
  const text = read("docs/architecture.md");
  const folders = new Set(
    sources
      .filter((file) => /^packages\/(sdk|collector)\/src\/[^/]+\//.test(file))
      .map((file) => file.split("/").slice(0, 4).join("/")),
  );
  const missing = [...folders].filter((folder) => !text.includes(`\`${folder.split("/")[3]}\``));
  expect(missing).toEqual([]);
  for (const [, name] of text.matchAll(/^\| `([^`]+)`/gm)) expect(existsSync(join(root, name ?? "")), name).toBe(true);
});
