/** Lengths at which the texts in a value are cut, one after the other, until it is short enough. */
const TEXT_LENGTHS = [64 * 1024, 16 * 1024, 4 * 1024, 1024, 256];

/**
 * The JSON of a value that is too long as a whole, in so many characters at most: JSON again, with its longest texts cut, and the first
 * elements of a list left out where that does not do. Each cut says so in its place.
 */
export function shortenJson(json: string, maxLength: number): string {
  const value = JSON.parse(json) as unknown;
  for (const length of TEXT_LENGTHS) {
    const text = withCutTexts(value, length);
    if (text.length <= maxLength) return text;
  }
  const note = `[runreel: cut, ${json.length} characters]`;
  if (!Array.isArray(value)) return JSON.stringify({ "runreel.cut": note });
  // What was said last matters most.
  const kept: string[] = [];
  let length = 2 + NOTE_MAX_LENGTH;
  for (let at = value.length - 1; at >= 0; at -= 1) {
    const text = withCutTexts(value[at], TEXT_LENGTHS.at(-1)!);
    length += text.length + 1;
    if (length > maxLength) break;
    kept.push(text);
  }
  return `[${[leftOut(value.length - kept.length), ...kept.reverse()].join(",")}]`;
}

const NOTE_MAX_LENGTH = 256;

/** Stands in a list for its first elements; as a message where messages are expected. */
function leftOut(count: number): string {
  const content = `[runreel: cut, the first ${count} are left out]`;
  return JSON.stringify({ role: "system", parts: [{ type: "text", content }] });
}

function withCutTexts(value: unknown, maxLength: number): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "string" && member.length > maxLength ? cutText(member, maxLength) : member,
  );
}

/** A text cut visibly. */
export function cutText(text: string, maxLength: number): string {
  return `${text.slice(0, maxLength)} [runreel: cut, ${maxLength} of ${text.length} characters kept]`;
}
