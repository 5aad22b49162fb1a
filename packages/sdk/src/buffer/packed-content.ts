import type { BlobShelf, ShelvedBlob } from "./blob-shelf.ts";
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

  /** Gives up the oldest, and tells what was in it. */
  drop(shelf: BlobShelf): readonly ShelvedBlob[] {
    const { blobs = [] } = this.take() ?? {};
    for (const blob of blobs) shelf.lose(blob);
    return blobs;
  }

  #count({ body, blobs }: Batch, sign: 1 | -1): void {
    this.bytes += sign * body.buffer.byteLength;
    this.blobCount += sign * blobs.length;
  }
}
