import type { BlobShelf } from "./blob-shelf.ts";
import type { Batch } from "./buffer.ts";
import { Queue } from "./queue.ts";

/** Content that waits as whole requests, compressed: where there is little room, it takes a third of it. */
export class PackedContent {
  readonly #requests = new Queue<Batch>();
  /** Bytes of memory. */
  bytes = 0;
  /** How many blobs are in it. */
  blobCount = 0;

  get isEmpty(): boolean {
    return this.#requests.size === 0;
  }

  push(request: Batch): void {
    this.#requests.push(request);
    this.#count(request, 1);
  }

  /** The request that has waited longest. */
  take(): Batch | undefined {
    const request = this.#requests.first;
    if (request === undefined) return undefined;
    this.#requests.shift();
    this.#count(request, -1);
    return request;
  }

  /** Gives up the oldest, and tells how many blobs that were. */
  drop(shelf: BlobShelf): number {
    const request = this.take();
    for (const blob of request?.blobs ?? []) shelf.lose(blob);
    return request?.blobs.length ?? 0;
  }

  #count({ body, blobs }: Batch, sign: 1 | -1): void {
    this.bytes += sign * body.buffer.byteLength;
    this.blobCount += sign * blobs.length;
  }
}
