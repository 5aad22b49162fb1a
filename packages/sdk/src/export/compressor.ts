import { promisify } from "node:util";
import { constants, gzip, zstdCompress } from "node:zlib";

import { isPacked, unpackBody } from "./packed-body.ts";

/** How a request is compressed, as `content-encoding` has it. */
export type Compression = "none" | "gzip" | "zstd";

/** `best`: gzip, which every endpoint of OTLP takes, until this one says that it takes zstd. */
export type CompressionChoice = Compression | "best";

export interface Packed {
  compression: Compression;
  body: Uint8Array;
}

/** Measured on recorded runs: higher levels cost more than they save, gzip's above all. */
const GZIP_LEVEL = 1;
const ZSTD_LEVEL = 3;

/** What compressed text comes to is handed over in few pieces. */
const CHUNK_BYTES = 128 * 1024;

const gzipAsync = promisify(gzip);
const zstdAsync = promisify(zstdCompress);

/** Compresses requests to one endpoint, on the thread pool, with what that endpoint takes. */
export class Compressor {
  #compression: Compression;
  readonly #isChosenByEndpoint: boolean;
  #takesZstd: boolean;

  constructor(choice: CompressionChoice) {
    this.#isChosenByEndpoint = choice === "best";
    this.#compression = choice === "best" ? "gzip" : choice;
    this.#takesZstd = choice === "zstd";
  }

  /** A body that was packed while it waited goes as it is, where the endpoint takes that. */
  async pack(given: Uint8Array): Promise<Packed> {
    if (this.#takesZstd && isPacked(given)) return { compression: "zstd", body: given };
    const compression = this.#compression;
    const body = await unpackBody(given);
    if (compression === "none") return { compression, body };
    if (compression === "gzip") {
      return { compression, body: await gzipAsync(body, { level: GZIP_LEVEL, chunkSize: CHUNK_BYTES }) };
    }
    const params = { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL };
    const options = { params, pledgedSrcSize: body.length, chunkSize: CHUNK_BYTES };
    return { compression, body: await zstdAsync(body, options) };
  }

  /** What an endpoint says it takes, in a header `accept-encoding` of its answers (RFC 7694). */
  told(accepted: string | undefined): void {
    if (accepted === undefined || !/\bzstd\b(?!\s*;\s*q=0(\.0*)?\b)/i.test(accepted)) return;
    this.#takesZstd = true;
    if (this.#isChosenByEndpoint && this.#compression === "gzip") this.#compression = "zstd";
  }

  /** The endpoint has refused a body for its encoding. Returns whether there is another way. */
  refused(compression: Compression): boolean {
    if (compression === "none") return false;
    if (compression === "zstd") this.#takesZstd = false;
    if (compression === this.#compression) this.#compression = compression === "zstd" ? "gzip" : "none";
    return true;
  }
}
