/** UTF-8 bytes above which a string becomes a blob of its own. */
export const TEXT_INLINE_MAX_BYTES = 512;

/** Bytes above which a byte array becomes a blob of its own. */
export const BYTES_INLINE_MAX_BYTES = 64;

/** UTF-8 bytes of text above which a member of an object becomes a tree of its own. */
export const MEMBER_INLINE_MAX_BYTES = 2_048;

/** UTF-8 bytes of all its elements up to which an array is not cut: the parts of a message belong together, a blob for each costs more than it saves. */
export const ARRAY_INLINE_MAX_BYTES = 2_048;

/** UTF-8 bytes of text above which an element of a longer array becomes a tree of its own: what a blob costs beside its data. */
export const ELEMENT_INLINE_MAX_BYTES = 192;

/** Characters of text up to which an element that is not cut out is written again rather than remembered. */
export const ELEMENT_REWRITTEN_MAX_LENGTH = 64;

/** Elements above which an array is cut into groups, and the size of those groups. */
export const LIST_GROUP_LENGTH = 32;

/** The largest text of a tree; a larger one is left out. */
export const BLOB_MAX_BYTES: number = 3 * 1024 * 1024;

/** UTF-8 bytes of a tree in one blob, as many as a piece of text can have. The text of a longer one is several. */
export const TREE_WHOLE_MAX_BYTES: number = 768 * 1024;

/** UTF-16 units of text, three bytes of UTF-8 at most, and bytes in one blob. Longer ones are several, so that no request becomes larger than 1 MiB for them. */
export const PIECE_MAX_LENGTH: number = 256 * 1024;

/** UTF-16 units of text, and bytes, that are kept of one value. A longer text is cut and says so; longer bytes are left out. */
export const LEAF_MAX_LENGTH: number = 8 * 1024 * 1024;

/** So much more of a longer text is looked through for secrets, which may stand where it is cut. */
export const CUT_MARGIN_LENGTH: number = 64 * 1024;

/** How deep a value is followed. Deeper ones are hardly data, and a stack must never overflow in a host's process. */
export const VALUE_MAX_DEPTH = 200;

/** How many values one encoding visits, so that a graph that branches without end still ends. */
export const VALUE_MAX_COUNT = 250_000;

/** How deep the JSON of a tree may nest when it is read, over all its blobs: a value's depth and the nodes around it. */
export const TREE_MAX_DEPTH = 2_000;

/** How many bytes a tree may have once its blobs are put together, unless the reader says otherwise. */
export const DECODE_DEFAULT_MAX_BYTES: number = 64 * 1024 * 1024;
