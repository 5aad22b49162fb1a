// Proves that a record made around its body is the one made by copying it.
import { expect, test } from "vitest";
import { allocateBody, decodeSpansRecord, encodeSpansRecord } from "./spans-record.ts";

const bytes = Buffer.from("the bytes of a client");
const record = { project: "default", encoding: "protobuf", compression: "gzip" } as const;

test("a record shares the memory of an allocated body, and reads back", () => {
  const body = allocateBody(100).subarray(0, bytes.length);
  body.set(bytes);
  const encoded = encodeSpansRecord({ ...record, body });
  expect(encoded.buffer).toBe(body.buffer);
  expect(Buffer.from(encoded)).toEqual(Buffer.from(encodeSpansRecord({ ...record, body: bytes })));
  expect(decodeSpansRecord(encoded)).toEqual({ ...record, body });
});

test("a part of an allocated body is copied: the room in front of it is not free", () => {
  const body = allocateBody(100);
  body.set(bytes);
  const encoded = encodeSpansRecord({ ...record, body: body.subarray(4, bytes.length) });
  expect(encoded.buffer).not.toBe(body.buffer);
  expect(Buffer.from(decodeSpansRecord(encoded)?.body ?? [])).toEqual(bytes.subarray(4));
  expect(body.subarray(0, bytes.length)).toEqual(bytes);
});
