/** What the versions of `langchain` do differently with the exceptions of tools. */
export interface HostTraits {
  /** The messages that the host makes of exceptions have the status `error`. */
  marksErrors: boolean;
  /** Arguments that do not fit become a message even where middleware wraps tool calls. */
  handlesInvocationErrors: boolean;
}

const newest: HostTraits = { marksErrors: true, handlesInvocationErrors: true };
let traits = newest;
let asked: Promise<void> | undefined;

/** Reads the version of the host, once. Where it cannot be read (in a bundle, say) it counts as new. */
export async function readHostVersion(): Promise<void> {
  asked ??= import("langchain/package.json", { with: { type: "json" } }).then(
    (module: { default: { version: string } }) => void (traits = traitsOf(module.default.version)),
    () => undefined,
  );
  return asked;
}

/** What was read of the host so far. */
export const hostTraits = (): HostTraits => traits;

/** What a version does. Later ones are like the newest that is known. */
export function traitsOf(version: string): HostTraits {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  const isFrom = (from: number): boolean => major > 1 || (major === 1 && (minor > 5 || (minor === 5 && patch >= from)));
  return { marksErrors: isFrom(14), handlesInvocationErrors: isFrom(3) };
}
