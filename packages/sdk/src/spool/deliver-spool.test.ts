import { mkdtempSync, readdirSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

import type { Send } from "../export/sender.ts";
import { deliverSpool } from "./deliver-spool.ts";
import { listSpool, Spool } from "./spool.ts";

function folderOf(count: number): string {
  const folder = mkdtempSync(join(tmpdir(), "runreel-spool-"));
  const request = { body: new Uint8Array(10), spanCount: 1, blobCount: 0 };
  new Spool({ folder, maxBytes: 10_000, writer: "1_a" }).write(Array.from({ length: count }, () => request));
  return folder;
}

const kindsOf = async (folder: string, kinds: ("delivered" | "failed")[]): Promise<string[]> => {
  const given = kinds.values();
  const send = async () =>
    given.next().value === "failed"
      ? ({ kind: "failed", isReachable: false, error: "away" } as const)
      : ({ kind: "delivered", rejected: undefined } as const);
  return delivered(folder, send);
};

async function delivered(folder: string, send: Send): Promise<string[]> {
  const seen: string[] = [];
  for await (const { kind } of deliverSpool(folder, send)) seen.push(kind);
  return seen;
}

test("ends at the first failure and keeps that file and those behind it", async () => {
  const folder = folderOf(3);
  expect(await kindsOf(folder, ["delivered", "failed"])).toEqual(["delivered", "failed"]);
  expect(listSpool(folder)).toHaveLength(2);
  expect(await kindsOf(folder, [])).toEqual(["delivered", "delivered"]);
  expect(readdirSync(folder)).toEqual([]);
});

test("what an earlier process of the same number had taken is sent, what this one has taken is not taken twice", async () => {
  const folder = folderOf(1);
  const [file] = listSpool(folder);
  renameSync(join(folder, file!.name), join(folder, `${file!.name}.${process.pid}_0badcafe`));
  let inside: string[] | undefined;
  const send = async () => {
    inside = await kindsOf(folder, []);
    return { kind: "delivered", rejected: undefined } as const;
  };
  expect(await delivered(folder, send)).toEqual(["delivered"]);
  expect(inside).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});
