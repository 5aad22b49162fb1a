/** The latest tuple of a checkpointer, as much of it as tells whether a run has stopped. */
export type SavedState = { pendingWrites?: readonly (readonly [string, string, unknown])[] } | undefined;

/** How a run has stopped, by its saved state: at a pause, or at an error. Undefined when it has not, or nobody can tell. */
export async function wayOut(
  savedState: (() => Promise<SavedState>) | undefined,
): Promise<{ interrupted: true } | { error: Error } | undefined> {
  if (savedState === undefined) return undefined;
  let writes: NonNullable<SavedState>["pendingWrites"];
  try {
    writes = (await savedState())?.pendingWrites ?? [];
  } catch {
    return undefined;
  }
  if (writes.some(([, channel]) => channel === "__interrupt__")) return { interrupted: true };
  const failure = writes.find(([, channel]) => channel === "__error__")?.[2] as
    | { name?: string; message?: string }
    | undefined;
  if (failure === undefined) return undefined;
  const error = new Error(failure.message ?? "the agent failed");
  error.name = failure.name ?? "Error";
  delete error.stack;
  return { error };
}

/** What the host throws when a run would need more steps than it is allowed. */
export function outOfSteps(stepsMax: number): Error {
  const error = new Error(
    `Recursion limit of ${stepsMax} reached without hitting a stop condition. You can increase the limit by setting the "recursionLimit" config key.`,
  );
  error.name = "GraphRecursionError";
  delete error.stack;
  return error;
}
