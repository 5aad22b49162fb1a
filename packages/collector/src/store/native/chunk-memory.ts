import { MemoryPool } from "../../model/memory-pool.ts";

/** A block has some 64 MB, and a new one comes every second or two: memory of chunks whose block is stored is kept for the next one. */
export const chunkMemory: MemoryPool = new MemoryPool(128 * 1024 * 1024);
