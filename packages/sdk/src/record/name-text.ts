/** Characters of a name; what is longer was never meant as one. */
const NAME_MAX_LENGTH = 1_024;

/** A name as a text, also where a host without types has given something else for one. Never throws. */
export function nameText(name: unknown): string {
  if (typeof name === "string" && name.length <= NAME_MAX_LENGTH) return name;
  try {
    const text = String(name);
    return text.length <= NAME_MAX_LENGTH ? text : `${text.slice(0, NAME_MAX_LENGTH)}… (cut)`;
  } catch {
    return `a name of type ${typeof name}`;
  }
}
