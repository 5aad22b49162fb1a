const random = new Set([
  "id",
  "run_id",
  "checkpoint_id",
  "checkpoint_ns",
  "langgraph_checkpoint_ns",
  "__pregel_task_id",
  "ts",
  // Some streams show the callbacks that a call was given, ours among them.
  "callbacks",
  "timestamp",
]);

/** A value without what differs between any two runs: ids, times, and the stack that the host puts into some messages. */
export function plain(value: unknown): unknown {
  const seen = JSON.stringify(value, (key, member: unknown) => {
    if (random.has(key)) return null;
    if (typeof member !== "string") return member;
    return member
      .replaceAll(/\n +at .*/g, "")
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "uuid");
  });
  return seen === undefined ? undefined : (JSON.parse(seen) as unknown);
}
