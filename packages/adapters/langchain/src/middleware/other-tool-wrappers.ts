/** Calls the host's model handler with a changed request. */
type Ask = (change: { tools: unknown[]; model: unknown }) => Promise<unknown>;

/** As much of a tool as makes the host take it for one that it has to run itself. */
const clientTool = (name: string): object => ({ lc_runnable: true, name });

/** A model that cannot answer, should a later host not refuse the request first. */
const mute: object = {
  bindTools: () => mute,
  invoke: () => Promise.reject(new Error("Runreel asked the host a question")),
};

/**
 * Whether other middleware wraps tool calls, which decides what the host does with a tool's exception: it turns it into a message for the
 * model if nobody wraps, and fails the run if somebody does. With us there, somebody always does, so we have to know of the others.
 *
 * The host has no word for that. But before it calls a model it refuses tools that were added ("You have added a new tool"), unless
 * some middleware wraps tool calls, and only then tools that were replaced ("You have modified a tool"). Asked with one of each, while
 * our own wrapper is hidden, it names the first that it minds. Nothing runs in either case. Undefined when it answers something else.
 */
export async function hasOtherToolWrappers(ask: Ask, tools: readonly unknown[]): Promise<boolean | undefined> {
  const registered = tools.find((tool) => (tool as { lc_runnable?: unknown } | null)?.lc_runnable === true);
  const name = (registered as { name?: unknown } | undefined)?.name;
  if (typeof name !== "string") return undefined;
  try {
    await ask({ tools: [clientTool("runreel_question"), clientTool(name)], model: mute });
    return undefined;
  } catch (answer) {
    const message = String((answer as { message?: unknown } | null)?.message);
    if (message.includes("added a new tool")) return false;
    return message.includes("modified a tool") ? true : undefined;
  }
}
