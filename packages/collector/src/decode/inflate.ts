import { gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import type { SpansRecord } from "../model/block.ts";
import { DecodeError } from "../model/decode-error.ts";
import { inflatedChunkBytes } from "../model/inflated-size.ts";

/**
 * The body as it was before it was compressed, if it has at most `bodyMaxBytes`. What a bomb would become beyond that is never made.
 *
 * @throws DecodeError `invalid_compression` or `body_too_large`; nothing else.
 */
export function inflate(body: Uint8Array, compression: SpansRecord["compression"], bodyMaxBytes: number): Uint8Array {
  if (compression === "none") {
    if (body.length > bodyMaxBytes) throw tooLarge(bodyMaxBytes);
    return body;
  }
  const expand = { gzip: gunzipSync, deflate: inflateSync, zstd: zstdDecompressSync }[compression];
  try {
    const chunkSize = inflatedChunkBytes({ body, compression }, bodyMaxBytes);
    return expand(body, { maxOutputLength: bodyMaxBytes, chunkSize });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(bodyMaxBytes, cause);
    throw new DecodeError("invalid_compression", `The body is not ${compression} data.`, { cause });
  }
}

function tooLarge(bodyMaxBytes: number, cause?: unknown): DecodeError {
  return new DecodeError("body_too_large", `A body may have ${bodyMaxBytes} bytes; send smaller requests.`, { cause });
}
