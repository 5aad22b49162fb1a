/** What is larger is not kept. */
const KEPT_MAX_BYTES = 1024 * 1024;

/** Memory for the bodies of requests, used again and again: it stands outside the heap, where garbage is collected late. */
export class BodyMemory {
  #spare: Buffer | undefined;

  /** Room for that many bytes, or more. */
  take(bytes: number): Buffer {
    const spare = this.#spare;
    if (spare === undefined || spare.length < bytes) return Buffer.allocUnsafeSlow(bytes);
    this.#spare = undefined;
    return spare;
  }

  /** Nobody looks at a body any more. */
  giveBack({ buffer }: Uint8Array): void {
    const { byteLength } = buffer;
    if (byteLength > KEPT_MAX_BYTES || byteLength <= (this.#spare?.length ?? 0)) return;
    this.#spare = Buffer.from(buffer as ArrayBuffer);
  }
}
