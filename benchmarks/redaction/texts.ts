import { readFileSync } from "node:fs";

import { writeProse } from "../measure/prose.ts";
import { createRandom } from "../measure/random.ts";

/** Texts of 1,024 characters as agents send and receive them; all but the last kind hold no secret. */
export type TextKind = "prose" | "JSON" | "code" | "base64" | "Cyrillic" | "secrets";

const TEXT_LENGTH = 1024;
const TEXTS = 100;

/** The same texts in every run, by kind. */
export function createTexts(): Record<TextKind, string[]> {
  const random = createRandom(11);
  const chance = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
  const hex = (length: number): string => chance("0123456789abcdef", length);
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const length = TEXT_LENGTH * TEXTS;
  const many = (write: () => string): string => {
    let text = "";
    while (text.length < length) text += write();
    return text;
  };
  const prose = (): string => writeProse(random, 60);
  const record = (): string =>
    `${JSON.stringify({
      id: `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
      role: "user",
      content: [{ type: "text", text: prose() }],
      usage: { input_tokens: Math.floor(random() * 9000), output_tokens: 12 },
    })},`;
  const secrets: (() => string)[] = [
    () => `sk-proj-${chance(letters, 64)}`,
    () => `ghp_${chance(letters, 36)}`,
    () => `password=${chance(letters, 12)}`,
    () => `{"api_key":"${chance(letters, 32)}"}`,
    () => `postgres://app:${chance(letters, 12)}@db.internal/orders`,
    () => `Authorization: Bearer ${chance(letters, 40)}`,
  ];
  return {
    prose: cut(many(prose)),
    JSON: cut(many(record)),
    code: cut(many(source)),
    base64: cut(many(() => chance(`${letters}+/`, 1000))),
    Cyrillic: cut(
      many(() =>
        prose()
          .split("")
          .map((letter) => (letter === " " ? " " : String.fromCharCode(letter.charCodeAt(0) + 0x3d0)))
          .join(""),
      ),
    ),
    secrets: cut(many(() => `${prose()} ${secrets[Math.floor(random() * secrets.length)]!()} `)),
  };
}

/** A file of this repository, as a tool that reads files returns it. */
function source(): string {
  return readFileSync(new URL("../../packages/sdk/src/options.ts", import.meta.url), "utf8");
}

/** Each a string of its own: a piece of a longer one would be slower to read than what a program gets from its network. */
function cut(text: string): string[] {
  return Array.from({ length: TEXTS }, (_, index) =>
    Buffer.from(text.slice(index * TEXT_LENGTH, (index + 1) * TEXT_LENGTH)).toString(),
  );
}
