// The public names; see docs/wire.md, "Content". Signatures that SDK, collector and command rely on:
//
//   type BlobType = "tree" | "text" | "bytes"
//   interface Blob { hash: string; type: BlobType; data: string | Uint8Array }      // string for tree and text, bytes for bytes
//   interface Codec { name: string; matches(value: object): boolean; encode(value: object): unknown; decode(value: unknown): unknown }
//   encodeContent(value: unknown, emit: (blob: Blob) => void, options?: { codecs?: readonly Codec[] }): string      // the root's hash; never throws on any value
//   contentHash(value: unknown, options?): string                                                                   // the same hash, nothing emitted
//   decodeContent(hash: string, fetch: (hashes: readonly string[]) => Promise<ReadonlyMap<string, Blob>>, options?: { codecs?, maxBytes? }): Promise<unknown>   // throws MissingContentError { hashes }
//   canonicalJson(value: unknown): string
//   class ContentEncoder { constructor(options?); encode(value, emit): string; forget(): void }   // remembers immutable objects it has seen (WeakMap), so that a long conversation costs its newest message
//   toPlain(value) : unknown      // decoded value -> JSON for people (Date -> ISO text, Map -> object or pairs, $as -> its plain value)
export {};
