/** What a spooled request holds, as its name tells. */
export interface SpoolFile {
  name: string;
  /** Content alone, or spans, with or without content. */
  kind: "content" | "spans";
  /** The process that wrote it. */
  writer: string;
  spanCount: number;
  blobCount: number;
}

/** Content sorts before spans, since a span may name any of it; within a kind, the oldest is first. */
const pattern = /^(content|spans)-(\d{15})-(\d{6})-([\w]+)-(\d+)-(\d+)\.otlp$/;

/** Which request of its process a file holds, and when it was written. */
interface Position {
  timeMs: number;
  sequence: number;
}

export function spoolFileName({ kind, writer, spanCount, blobCount }: Omit<SpoolFile, "name">, at: Position): string {
  const time = String(at.timeMs).padStart(15, "0");
  const sequence = String(at.sequence % 1_000_000).padStart(6, "0");
  return `${kind}-${time}-${sequence}-${writer}-${spanCount}-${blobCount}.otlp`;
}

/** Reads a name; undefined for a file that is none of ours. */
export function parseSpoolFileName(name: string): SpoolFile | undefined {
  const match = pattern.exec(name);
  if (match === null) return undefined;
  const [, kind, , , writer = "", spans, blobs] = match;
  return { name, kind: kind as SpoolFile["kind"], writer, spanCount: Number(spans), blobCount: Number(blobs) };
}
