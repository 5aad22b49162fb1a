import { hashBlob } from "./blob.ts";
import type { Blob, PutBlob } from "./blob.ts";
import type { Codec } from "./codec.ts";
import type { ContentRedactor } from "./redactor.ts";
import { Memory } from "./memory.ts";
import { TreeWriter } from "./tree-writer.ts";

export interface EncodeOptions {
  /** For instances of classes; the first that matches is used. None unless given. */
  codecs?: readonly Codec[];
  /** Takes secrets out before anything is hashed or emitted. None unless given. */
  redactor?: ContentRedactor | undefined;
}

/**
 * Encodes many values and remembers the objects it has seen, so that a long conversation costs its newest message.
 *
 * The hashes are those of `encodeContent`. Blobs of an object that has not changed since are not emitted again, so call `forget()`
 * when emitted blobs have been lost.
 */
export class ContentEncoder {
  readonly #codecs: readonly Codec[];
  readonly #redactor: ContentRedactor | undefined;
  readonly #memory = new Memory();
  #encoding = 0;
  /** Made once: most values are small, and a writer for each would cost as much as they do. */
  #writer: { put: PutBlob; tree: TreeWriter } | undefined;

  constructor(options: EncodeOptions = {}) {
    this.#codecs = options.codecs ?? [];
    this.#redactor = options.redactor;
  }

  /** Emits the blobs of a value that are new to this encoder, each once, and returns the hash of its root. Never throws, whatever the value. */
  encode(value: unknown, emit: (blob: Blob) => void): string {
    const emitted = new Set<string>();
    return this.write(value, (type, data) => {
      const hash = hashBlob(type, data);
      if (!emitted.has(hash)) emit({ hash, type, data });
      emitted.add(hash);
      return hash;
    });
  }

  /** The same for somebody who names the blobs himself, as `hashBlob` does, and knows those that come again. */
  write(value: unknown, put: PutBlob): string {
    this.#encoding += 1;
    const known = this.#writer;
    if (known?.put === put && !known.tree.isBusy) return known.tree.root(value, this.#encoding);
    const tree = new TreeWriter({ codecs: this.#codecs, redactor: this.#redactor, memory: this.#memory, put });
    this.#writer = { put, tree };
    return tree.root(value, this.#encoding);
  }

  /** Forgets all objects, so that everything is emitted again. */
  forget(): void {
    this.#memory.forget();
  }
}
