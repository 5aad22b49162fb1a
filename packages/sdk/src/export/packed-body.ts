import { promisify } from "node:util";
import { constants, zstdCompressSync, zstdDecompress, zstdDecompressSync } from "node:zlib";

/** Zstd begins every frame with it; a request of OTLP begins with the tag of its first field. */
const ZSTD_MAGIC = 0xfd2fb528;

/** The lowest level: packing happens on the host's own thread. */
const PACK_LEVEL = 1;

/** What comes out is handed over in one piece, as a rule. */
const PACKED_CHUNK_BYTES = 256 * 1024;
const UNPACKED_CHUNK_BYTES = 600 * 1024;

const unpackAsync = promisify(zstdDecompress);

/** Compresses a request that has to wait, at once. */
export function packBody(body: Uint8Array): Uint8Array {
  const params = { [constants.ZSTD_c_compressionLevel]: PACK_LEVEL };
  const packed = zstdCompressSync(body, { params, pledgedSrcSize: body.length, chunkSize: PACKED_CHUNK_BYTES });
  // What zlib gives may stand in a larger piece of memory.
  return packed.buffer.byteLength === packed.length ? packed : Uint8Array.from(packed);
}

export function isPacked(body: Uint8Array): boolean {
  return body.length > 4 && new DataView(body.buffer, body.byteOffset).getUint32(0, true) === ZSTD_MAGIC;
}

/** The request that was packed, or one that is not. */
export async function unpackBody(body: Uint8Array): Promise<Uint8Array> {
  return isPacked(body) ? await unpackAsync(body, { chunkSize: UNPACKED_CHUNK_BYTES }) : body;
}

/** A request with more fields behind it, packed if it was: of several frames most readers see only the first. */
export function appendToBody(body: Uint8Array, fields: Uint8Array): Uint8Array {
  if (!isPacked(body)) return Buffer.concat([body, fields]);
  return packBody(Buffer.concat([zstdDecompressSync(body), fields]));
}
