/** Some blobs of a tree are not to be had: not sent yet, dropped, or past their retention. */
export class MissingContentError extends Error {
  override readonly name = "MissingContentError";
  /** The blobs that were asked for and did not come. What they refer to is unknown. */
  readonly hashes: readonly string[];

  constructor(hashes: readonly string[]) {
    super(`${hashes.length} blob${hashes.length === 1 ? "" : "s"} of this content cannot be found, first ${hashes[0]}`);
    this.hashes = hashes;
  }
}

/** A tree that no encoder writes, or one that is larger or deeper than the reader accepts. */
export class InvalidContentError extends Error {
  override readonly name = "InvalidContentError";
}
