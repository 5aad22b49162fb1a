import type { HrTime } from "@opentelemetry/api";
import { hashOfBytes } from "@runreel/content";
import type { BlobType } from "@runreel/content";
import { EVENT_BLOB, RUNREEL_BLOB_DATA, RUNREEL_BLOB_HASH, RUNREEL_BLOB_TYPE } from "@runreel/semconv";

import { keyField } from "./attribute-encoder.ts";
import { BackwardWriter } from "./backward-writer.ts";
import { lengthDelimited } from "./length-delimited.ts";
import {
  BYTES_VALUE,
  EVENT_ATTRIBUTES,
  EVENT_DROPPED_ATTRIBUTES,
  EVENT_NAME,
  EVENT_TIME,
  EVENTS,
  STRING_VALUE,
  VALUE,
} from "./tags.ts";
import { writeTime } from "./write-time.ts";

const dataField = keyField(RUNREEL_BLOB_DATA);
const hashField = keyField(RUNREEL_BLOB_HASH);
const eventName = Buffer.from(EVENT_BLOB);

/** The attribute with a blob's type, encoded. */
const typeAttributes: Record<BlobType, Uint8Array> = {
  tree: typeAttribute("tree"),
  text: typeAttribute("text"),
  bytes: typeAttribute("bytes"),
};

function typeAttribute(type: BlobType): Uint8Array {
  const writer = new BackwardWriter(Buffer.alloc(256));
  writeText(writer, type, keyField(RUNREEL_BLOB_TYPE));
  return Uint8Array.from(writer.written);
}

/** An attribute whose value is a text. */
function writeText(writer: BackwardWriter, text: string, key: Uint8Array): void {
  const end = writer.length;
  writer.text(text);
  lengthDelimited(writer, STRING_VALUE, end);
  lengthDelimited(writer, VALUE, end);
  writer.bytes(key);
  lengthDelimited(writer, EVENT_ATTRIBUTES, end);
}

const prefixes: Record<BlobType, Uint8Array> = {
  tree: Buffer.from("tree\n"),
  text: Buffer.from("text\n"),
  bytes: Buffer.from("bytes\n"),
};

/** A blob that was encoded for nothing where its bytes are undefined: it is known already. */
interface EncodedBlob {
  hash: string;
  /** Valid until the next call. */
  bytes: Uint8Array | undefined;
}

/** Encodes blobs as events of a carrier span. The data is written once; it is hashed where it stands. */
export class BlobEncoder {
  readonly #writer = new BackwardWriter();
  readonly #now: () => HrTime;

  constructor(now: () => HrTime) {
    this.#now = now;
  }

  encode(type: BlobType, data: string | Uint8Array, isKnown: (hash: string) => boolean): EncodedBlob {
    const writer = this.#writer;
    writer.reset();
    writer.byte(0);
    writer.byte(EVENT_DROPPED_ATTRIBUTES);
    const end = writer.length;
    if (typeof data === "string") writer.text(data);
    else writer.bytes(data);
    const hash = this.#hashed(type, end);
    if (isKnown(hash)) return { hash, bytes: undefined };

    lengthDelimited(writer, BYTES_VALUE, end);
    lengthDelimited(writer, VALUE, end);
    writer.bytes(dataField);
    lengthDelimited(writer, EVENT_ATTRIBUTES, end);
    writer.bytes(typeAttributes[type]);
    writeText(writer, hash, hashField);
    writer.bytes(eventName);
    writer.varint(eventName.length);
    writer.byte(EVENT_NAME);
    writeTime(writer, this.#now());
    writer.byte(EVENT_TIME);
    lengthDelimited(writer, EVENTS, 0);
    return { hash, bytes: writer.written };
  }

  /** The name of what has been written since `end`. Its type stands before it while it is hashed. */
  #hashed(type: BlobType, end: number): string {
    const writer = this.#writer;
    const prefix = prefixes[type];
    writer.bytes(prefix);
    const hash = hashOfBytes(writer.head(writer.length - end));
    writer.backTo(writer.length - prefix.length);
    return hash;
  }
}
