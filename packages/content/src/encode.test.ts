// Proves where a tree is cut, and that nothing a value does while it is read reaches the caller.
import { randomBytes } from "node:crypto";

import { describe, expect, test } from "vitest";

import { canonicalJson, contentHash, decodeContent, encodeContent, hashBlob, Omitted } from "./index.ts";
import type { Blob, Codec } from "./index.ts";

function encoded(
  value: unknown,
  codecs: readonly Codec[] = [],
): { hash: string; blobs: Map<string, Blob>; root: string } {
  const blobs = new Map<string, Blob>();
  const hash = encodeContent(value, (blob) => void blobs.set(blob.hash, blob), { codecs });
  return { hash, blobs, root: blobs.get(hash)?.data as string };
}

async function roundTrip(value: unknown, codecs: readonly Codec[] = []): Promise<unknown> {
  const { hash, blobs } = encoded(value, codecs);
  return decodeContent(hash, async () => blobs, { codecs });
}

describe("where a tree is cut", () => {
  test("a blob is named by the first 16 bytes of SHA-256 over its type and data", () => {
    expect(hashBlob("text", "abc")).toBe("ef4618f06886dccb6a5beddeafa9756d");
    expect(hashBlob("bytes", Buffer.from("abc"))).not.toBe(hashBlob("text", "abc"));
  });

  test("small values are one tree with sorted keys", () => {
    const { root, blobs } = encoded({ b: 1, a: { d: [true, null], c: undefined }, f: () => 1 });
    expect(root).toBe('{"a":{"d":[true,null]},"b":1}');
    expect(blobs.size).toBe(1);
  });

  test("a string over 512 bytes is a text blob, counted in bytes and not in characters", () => {
    expect(encoded("é".repeat(256)).blobs.size).toBe(1);
    const { root, blobs } = encoded({ said: "é".repeat(257) });
    expect(root).toBe(`{"said":{"$text":"${hashBlob("text", "é".repeat(257))}"}}`);
    expect(blobs.size).toBe(2);
  });

  test("a long string that is the whole value is its own root", () => {
    const long = "é".repeat(257);
    expect(contentHash(long)).toBe(hashBlob("text", long));
    expect(encoded(long)).toMatchObject({ hash: hashBlob("text", long), root: long });
  });

  test("long elements and long members are trees of their own", () => {
    const short = { role: "user", content: "x".repeat(100) };
    const element = { role: "user", content: "x".repeat(200) };
    expect(encoded([element, short]).root).toBe(canonicalJson([element, short]));
    const elements = encoded([...Array.from({ length: 9 }, () => element), short]).root;
    expect(elements).toMatch(/^\[(?:\{"\$ref":"[0-9a-f]{32}"\},){9}\{"content":"x+","role":"user"\}\]$/);
    expect(encoded({ element }).root).toBe(canonicalJson({ element }));
    const long = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [index, "x".repeat(400)]));
    expect(encoded({ long }).root).toMatch(/^\{"long":\{"\$ref":"[0-9a-f]{32}"\}\}$/);
  });

  test("an array of more than 32 elements is a list of groups, repeated until 32 are left", async () => {
    const numbers = Array.from({ length: 32 * 32 + 1 }, (_, index) => index);
    const { root } = encoded(numbers);
    const list = JSON.parse(root) as { $list: string[]; n: number };
    expect(list.n).toBe(1025);
    expect(list.$list).toHaveLength(2);
    expect(await roundTrip(numbers)).toEqual(numbers);
  });

  test("a text or bytes larger than a blob are several, none of them with half a character, and come back whole", async () => {
    // The character stands at an odd place, so that the limit would cut each second piece inside it.
    for (const value of [`x${"😀é".repeat(400_000)}`, "y".repeat(300_000), new Uint8Array(randomBytes(1_000_000))]) {
      const { hash, blobs } = encoded([value]);
      const [whole] = (await decodeContent(hash, async () => blobs)) as [string | Uint8Array];
      expect(typeof whole).toBe(typeof value);
      expect(hashBlob("bytes", whole)).toBe(hashBlob("bytes", value));
      expect(blobs.size).toBeGreaterThan(2);
      for (const { data } of blobs.values()) {
        expect(Buffer.byteLength(data)).toBeLessThanOrEqual(768 * 1024);
        expect(typeof data !== "string" || data.isWellFormed()).toBe(true);
      }
    }
    const text = "z".repeat(600_000);
    expect(await roundTrip(text)).toBe(text);
    expect(encoded(text).root).toMatch(/^\{"\$text":\["[0-9a-f]{32}","[0-9a-f]{32}","[0-9a-f]{32}"\]\}$/);
  });

  test("a tree that one blob does not hold is in pieces, and what is in it is shared as ever", async () => {
    const shared = { text: "known to many ".repeat(200) };
    const member = (at: number): object => ({
      n: at,
      text: `é ${at} `.repeat(40),
      long: at % 1_000 === 0 ? shared : at,
    });
    const large = Object.fromEntries(Array.from({ length: 6_000 }, (_, at) => [`key ${at}`, member(at)]));
    expect(Buffer.byteLength(canonicalJson(large))).toBeGreaterThan(2_000_000);
    for (const value of [large, { inside: large, beside: 1 }, [large, large]]) {
      const { blobs } = encoded(value);
      expect(await roundTrip(value)).toEqual(value);
      for (const { data } of blobs.values()) expect(Buffer.byteLength(data)).toBeLessThanOrEqual(768 * 1024);
      expect([...blobs.values()].filter(({ data }) => String(data).startsWith('{"$tree":["'))).toHaveLength(1);
    }
    expect(encoded(large).blobs.has(hashBlob("text", shared.text))).toBe(true);
  });

  test("a tree that is larger still is left out", async () => {
    const huge = Object.fromEntries(Array.from({ length: 6_500 }, (_, at) => [`key ${at}`, "x".repeat(510)]));
    expect(Buffer.byteLength(canonicalJson(huge))).toBeGreaterThan(3 * 1024 * 1024);
    expect(await roundTrip({ huge, small: 1 })).toEqual({ huge: new Omitted("too_large"), small: 1 });
  });

  test("a text larger than a value may be is cut and says so, bytes are left out", async () => {
    const long = `x${"😀".repeat(5_000_000)}`;
    const [text, other, bytes] = (await roundTrip([long, `${long}!`, new Uint8Array(8_400_000)])) as string[];
    expect(text).toMatch(/😀\n\[runreel: cut, 8388607 of 10000001 characters kept, sha256 of the end [0-9a-f]{64}\]$/);
    expect(other).not.toBe(text);
    expect(bytes).toEqual(new Omitted("too_large"));
  });

  test("of a text that is cut nothing is looked through for secrets that is not kept, and none is cut in two", async () => {
    const seen: number[] = [];
    const redactor = {
      text: (given: string) => (seen.push(given.length), given.replaceAll("secret-0123456789", "[redacted]")),
      hidesKey: () => false,
      hidden: () => "[redacted]",
    };
    const long = `${"x".repeat(8 * 1024 * 1024 - 5)}secret-0123456789${"y".repeat(20_000_000)}`;
    const blobs: Blob[] = [];
    encodeContent([long], (blob) => void blobs.push(blob), { redactor });
    expect(Math.max(...seen)).toBeLessThan(9_000_000);
    expect(blobs.some(({ data }) => String(data).includes("secret"))).toBe(false);
  });
});

describe("values that resist", () => {
  test("a getter or a proxy that throws is left out, and nothing else with it", async () => {
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const hostile = {
      ok: 1,
      bad: {
        get x(): never {
          throw new Error("no");
        },
      },
      revoked: revoked.proxy,
    };
    expect(await roundTrip(hostile)).toEqual({
      ok: 1,
      bad: { x: new Omitted("unreadable") },
      revoked: new Omitted("unreadable"),
    });
  });

  test("an error keeps its causes, the errors it stands for and what hangs on it", async () => {
    const error = new AggregateError([new Error("one of them")], "all", { cause: new RangeError("why") });
    const back = (await roundTrip(Object.assign(error, { status: 503, request: { large: true } }))) as AggregateError;
    expect(back).toMatchObject({ message: "all", status: 503, cause: { name: "RangeError", message: "why" } });
    expect(back.errors).toMatchObject([{ message: "one of them" }]);
    expect(back).not.toHaveProperty("request");
    expect(contentHash(back)).toBe(contentHash(error));
  });

  test("a cycle is left out where it closes", async () => {
    const cycle: Record<string, unknown> = { name: "a" };
    cycle["self"] = cycle;
    expect(await roundTrip([cycle])).toEqual([{ name: "a", self: new Omitted("circular") }]);
  });

  test("functions and symbols are left out", async () => {
    expect(await roundTrip([() => 1, Symbol("s")])).toEqual([new Omitted("function"), new Omitted("symbol")]);
    expect(await roundTrip(() => 1)).toEqual(new Omitted("function"));
  });

  test("depth ends at a limit, in a value and in what codecs return", async () => {
    let deep: unknown = "bottom";
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(JSON.stringify(await roundTrip(deep))).toContain("too_deep");
    const endless: Codec = {
      name: "endless",
      matches: (v) => v instanceof Endless,
      encode: () => new Endless(),
      decode: (v) => v,
    };
    expect(contentHash(new Endless(), { codecs: [endless] })).toHaveLength(32);
  });

  test("a graph that branches without end still ends", () => {
    let shared: unknown = ["leaf"];
    for (let level = 0; level < 150; level += 1) shared = [shared, shared];
    expect(contentHash(shared)).toHaveLength(32);
    const cyclic: unknown[] = [];
    shared = cyclic;
    for (let level = 0; level < 150; level += 1) shared = [shared, shared];
    cyclic.push(shared);
    expect(contentHash(shared)).toHaveLength(32);
  });
});

describe("instances", () => {
  class Point {
    x = 1;
    y = 2;
  }
  const codec: Codec = {
    name: "point",
    matches: (value) => value instanceof Point,
    encode: (value) => [(value as Point).x, (value as Point).y],
    decode: (value) => Object.assign(new Point(), { x: (value as number[])[0], y: (value as number[])[1] }),
  };

  test("a codec gives back an instance", async () => {
    const point = await roundTrip(new Point(), [codec]);
    expect(point).toBeInstanceOf(Point);
    expect(point).toEqual(new Point());
  });

  test("without its codec an instance keeps its hash when it is encoded again", async () => {
    const { hash, blobs } = encoded({ at: new Point() }, [codec]);
    const decoded = await decodeContent(hash, async () => blobs);
    expect(contentHash(decoded)).toBe(hash);
  });

  test("an instance without a codec is its members, or what its toJSON gives", async () => {
    expect(await roundTrip(new Point())).toEqual({ x: 1, y: 2 });
    expect(await roundTrip(new URL("http://localhost/a"))).toBe("http://localhost/a");
  });

  test("an error keeps name, message and stack", async () => {
    const error = new TypeError("bad");
    const back = (await roundTrip(error)) as Error;
    expect([back.name, back.message, back.stack]).toEqual(["TypeError", "bad", error.stack]);
  });
});

class Endless {
  endless = true;
}
