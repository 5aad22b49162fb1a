/** A retriever's document as people know it: what it says and where it comes from. */
export function documentOf(document: unknown): unknown {
  const { pageContent, metadata, id } = (document ?? {}) as Record<string, unknown>;
  if (typeof pageContent !== "string") return document;
  return { ...(typeof id === "string" ? { id } : {}), pageContent, metadata: metadata ?? {} };
}
