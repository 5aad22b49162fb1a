import type { Readable } from "node:stream";
import { errorCodes } from "fastify";
import { freeMemory } from "../model/free-memory.ts";
import { allocateBody } from "../model/spans-record.ts";

export interface ReadBodyOptions {
  /** The `content-length` of the request; without one the size shows as it comes. */
  expectedBytes: number | undefined;
  maxBytes: number;
}

/** What is allocated for a body of unknown size; doubled whenever it is full. */
const FIRST_BYTES = 64 * 1024;

/**
 * Reads a body into one piece of memory, which later becomes its journal record. Collecting it piece by piece and joining would copy each byte
 * twice.
 *
 * @throws FastifyError FST_ERR_CTP_BODY_TOO_LARGE as soon as it is too large.
 */
export function readBody(stream: Readable, { expectedBytes, maxBytes }: ReadBodyOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (expectedBytes !== undefined && expectedBytes > maxBytes)
      return reject(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
    let body = allocateBody(expectedBytes ?? FIRST_BYTES);
    let length = 0;
    const refuse = (): void => {
      stream.off("data", take);
      reject(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
    };
    const take = (chunk: Buffer): void => {
      const needed = length + chunk.length;
      if (needed > maxBytes) return refuse();
      if (needed > body.length) {
        const larger = allocateBody(Math.min(Math.max(body.length * 2, needed), maxBytes));
        larger.set(body.subarray(0, length));
        body = larger;
      }
      body.set(chunk, length);
      length = needed;
      // It was made for this listener alone.
      freeMemory(chunk);
    };
    stream.on("data", take);
    stream.once("error", reject);
    stream.once("end", () => resolve(body.subarray(0, length)));
  });
}
