/** A replay that cannot serve has to stop. */
export function replayNeedsMiddleware(kind: "inference" | "tool"): Error {
  const what = kind === "tool" ? "A tool" : "A model";
  return new Error(
    `${what} was about to run live in a replay: callbacks cannot hand back recorded results. Use runreelMiddleware() in createAgent.`,
  );
}
