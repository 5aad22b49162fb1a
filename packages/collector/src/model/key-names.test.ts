import * as fc from "fast-check";
import { expect, test } from "vitest";
import { KEY_IDS, KeyNames } from "./key-names.ts";

function ask(names: KeyNames, key: string): { id: number; name: string } {
  const bytes = Buffer.from(`..${key}..`);
  const id = names.idOf(bytes, 2, bytes.length - 4);
  return { id, name: names.nameOf(id) };
}

test("equal keys have one number, others another, in whichever order they come", () => {
  const keys = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.array(keys, { maxLength: 60 }), (asked) => {
      const names = new KeyNames();
      const ids = new Map<string, number>();
      for (const key of [...asked, ...asked]) {
        const { id, name } = ask(names, key);
        expect(name).toBe(Buffer.from(key).toString());
        expect(ids.get(name) ?? id).toBe(id);
        ids.set(name, id);
        expect(names.idOfName(name)).toBe(id);
      }
      expect(new Set(ids.values()).size).toBe(ids.size);
    }),
  );
});

test("a key that was guessed wrong is looked up", () => {
  const names = new KeyNames();
  const [a, b, c] = ["a.key", "b.key", "c.key"].map((key) => ask(names, key).id);
  expect(ask(names, "a.key").id).toBe(a);
  expect(ask(names, "c.key").id).toBe(c);
  expect(ask(names, "a.key").id).toBe(a);
  expect(ask(names, "b.key").id).toBe(b);
});

test("numbers are bounded: more keys, long ones and empty ones have none, and those that have one keep it", () => {
  const names = new KeyNames();
  const first = ask(names, "the.first").id;
  for (let index = 2; index < KEY_IDS; index++) expect(ask(names, `key.${index}`).id).toBe(index);
  expect(ask(names, "one.too.many").id).toBe(0);
  expect(ask(names, "").id).toBe(0);
  expect(ask(new KeyNames(), "x".repeat(97)).id).toBe(0);
  expect(ask(names, "the.first")).toEqual({ id: first, name: "the.first" });
});
