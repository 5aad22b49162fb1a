import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { parseSpoolFileName, spoolFileName } from "./spool-file.ts";
import { defaultSpoolRoot, spoolFolder } from "./spool-folder.ts";
import { listSpool, Spool } from "./spool.ts";

const folder = (): string => join(mkdtempSync(join(tmpdir(), "runreel-spool-")), "endpoint");
const content = (bytes: number) => ({ body: new Uint8Array(bytes), spanCount: 0, blobCount: 3 });
const spans = (bytes: number) => ({ body: new Uint8Array(bytes), spanCount: 5, blobCount: 0 });

test("each request is a file, content before spans and the oldest first", () => {
  const path = folder();
  const spool = new Spool({ folder: path, maxBytes: 10_000, writer: "1_a" });
  expect(spool.write([spans(10), content(20), spans(30), content(40)])).toEqual({
    faults: [undefined, undefined, undefined, undefined],
    evicted: { spanCount: 0, blobCount: 0 },
  });
  const sizes = listSpool(path).map(({ name, kind }) => `${kind} ${readFileSync(join(path, name)).length}`);
  expect(sizes).toEqual(["content 20", "content 40", "spans 10", "spans 30"]);
  expect(readdirSync(path)).toHaveLength(4);
});

test("when it is full, the oldest content goes first, and what was this process's own is counted", () => {
  const path = folder();
  new Spool({ folder: path, maxBytes: 1_000, writer: "1_a" }).write([content(300)]);
  const spool = new Spool({ folder: path, maxBytes: 1_000, writer: "2_b" });
  spool.write([spans(300), content(300)]);
  expect(spool.write([spans(300)]).evicted).toEqual({ spanCount: 0, blobCount: 0 });
  expect(listSpool(path).map(({ writer, kind }) => `${writer} ${kind}`)).toEqual([
    "2_b content",
    "2_b spans",
    "2_b spans",
  ]);
  expect(spool.write([spans(300)]).evicted).toEqual({ spanCount: 0, blobCount: 3 });
  expect(spool.write([spans(300)]).evicted).toEqual({ spanCount: 5, blobCount: 0 });
  expect(spool.write([spans(1_001)])).toEqual({ faults: ["spool_full"], evicted: { spanCount: 0, blobCount: 0 } });
  expect(listSpool(path)).toHaveLength(3);
});

test("a name says what it holds, and other files are none of ours", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("content" as const, "spans" as const),
      fc.stringMatching(/^\w+$/),
      fc.nat(),
      fc.nat(),
      fc.record({ timeMs: fc.nat({ max: 8.64e15 / 10 }), sequence: fc.nat() }),
      (kind, writer, spanCount, blobCount, at) => {
        const name = spoolFileName({ kind, writer, spanCount, blobCount }, at);
        expect(parseSpoolFileName(name)).toEqual({ name, kind, writer, spanCount, blobCount });
      },
    ),
  );
  for (const name of ["notes.txt", "spans-1-1-a-1-1.otlp", "spans-000000000000001-000001-a-1-1.otlp.unfinished"]) {
    expect(parseSpoolFileName(name)).toBeUndefined();
  }
});

test("endpoints have folders of their own, whose names any file system takes", () => {
  const endpoints = ["http://127.0.0.1:4318", "http://127.0.0.1:4319", "https://a.example/x", "https://a.example/y"];
  const folders = endpoints.map((endpoint) => spoolFolder("/spool", endpoint));
  expect(new Set(folders).size).toBe(4);
  for (const one of folders) expect(one).toMatch(/^\/spool\/[\w.-]+$/);
  expect(spoolFolder("/spool", "https://a.example/x/")).toBe(spoolFolder("/spool", "https://a.example/x"));
});

test("the cache folder is where each system has it", () => {
  expect(defaultSpoolRoot({ XDG_CACHE_HOME: "/cache" }, "linux")).toBe("/cache/runreel/spool");
  expect(defaultSpoolRoot({}, "linux")).toMatch(/\/\.cache\/runreel\/spool$/);
  expect(defaultSpoolRoot({}, "darwin")).toMatch(/\/Library\/Caches\/runreel\/spool$/);
});
