import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

// styleText looks at the stream and at NO_COLOR by itself.
const paint = (format: Format, text: string): string => styleText(format, text, { stream: process.stdout });

export function heading(number: number, text: string): void {
  console.log(`\n${paint(["bold", "cyan"], `${number}. ${text}`)}\n`);
}

export function say(text: string): void {
  console.log(text);
}

/** A command as a person would type it. */
export function typed(command: string): void {
  console.log(`${paint("green", "$")} ${paint("bold", command)}`);
}

/** Output of a command, with its middle left out when it is long. */
export function quoted(text: string, linesMax: number): void {
  const lines = text.trimEnd().split("\n");
  if (lines.length <= linesMax) return console.log(lines.join("\n"));
  const tail = Math.floor(linesMax / 3);
  const head = linesMax - tail;
  console.log(
    [
      ...lines.slice(0, head),
      paint("dim", `… ${lines.length - linesMax} lines left out here …`),
      ...lines.slice(-tail),
    ].join("\n"),
  );
}

/** A claim that did not hold. The demo ends with it. */
export class FalseClaim extends Error {
  override readonly name = "FalseClaim";
}

/**
 * Says that something is so, having looked.
 *
 * @throws FalseClaim when it is not
 */
export function claim(text: string, actual: unknown, expected: unknown): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (found !== wanted) throw new FalseClaim(`${text}: expected ${wanted}, found ${found}`);
  console.log(`${paint("green", "  ✓")} ${text}`);
}
