import { promisify } from "node:util";
import { gunzip, inflate as inflateZlib, zstdDecompress } from "node:zlib";
import { CollectorError } from "../errors.ts";
import type { SpansRecord } from "../model/block.ts";
import { inflatedChunkBytes } from "../model/inflated-size.ts";

export type Compression = SpansRecord["compression"];

const decompressors = {
  gzip: promisify(gunzip),
  deflate: promisify(inflateZlib),
  zstd: promisify(zstdDecompress),
};

/** What bodies may be compressed with, as answers say it (RFC 7694): few clients would dare to send zstd without. */
export const acceptedEncodings: string = Object.keys(decompressors).join(", ");

/** Reads a content-encoding header. */
export function parseCompression(header: string | undefined): Compression {
  const name = header?.trim().toLowerCase() ?? "";
  if (name === "" || name === "identity") return "none";
  if (name === "gzip" || name === "x-gzip") return "gzip";
  if (name === "deflate" || name === "zstd") return name;
  throw new CollectorError(
    "RUNREEL_REQUEST_CONTENT_ENCODING",
    `The content encoding "${name.slice(0, 40)}" is not known.`,
  );
}

/**
 * Decompresses a body on the thread pool, and stops as soon as the result grows beyond `maxBytes`: a small request may hold gigabytes of zeros.
 *
 * @throws CollectorError when the body is too large or is not what `compression` says.
 */
export async function inflate(
  { body, compression }: Pick<SpansRecord, "body" | "compression">,
  maxBytes: number,
): Promise<Uint8Array> {
  if (compression === "none") return body;
  try {
    const chunkSize = inflatedChunkBytes({ body, compression }, maxBytes);
    return await decompressors[compression](body, { maxOutputLength: maxBytes, chunkSize });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw new CollectorError(
        "RUNREEL_REQUEST_INFLATED_TOO_LARGE",
        `The body of ${body.length} bytes is more than ${maxBytes} bytes once decompressed.`,
        { cause },
      );
    }
    throw new CollectorError(
      "RUNREEL_DECODE_INVALID_COMPRESSION",
      `The body of ${body.length} bytes is not valid ${compression}: ${(cause as Error).message}.`,
      { cause },
    );
  }
}
