import { createRandom } from "./random.ts";

const VOCABULARY_WORDS = 9000;
const SYLLABLES =
  "ba ce da di fa ga he in la le li lo ma me mi no on or pa pe ra re ri ro sa se si so ta te ti to un va ve wi".split(
    " ",
  );

/** The words, made once: frequent ones are short, as in a language. */
const vocabulary: readonly string[] = (() => {
  const random = createRandom(7);
  return Array.from({ length: VOCABULARY_WORDS }, (_, rank) => {
    const syllables = 1 + Math.ceil(random() * (rank < 200 ? 2 : 4));
    return Array.from({ length: syllables }, () => SYLLABLES[Math.floor(random() * SYLLABLES.length)]).join("");
  });
})();

/** `length` characters that a compressor takes for English prose: word ranks are spread as Zipf found them. */
export function writeProse(random: () => number, length: number): string {
  let text = "";
  while (text.length < length) {
    const word = vocabulary[Math.floor(VOCABULARY_WORDS ** random()) - 1] ?? "a";
    const ending = random();
    text += word + (ending < 0.08 ? ". " : ending < 0.14 ? ",\n" : " ");
  }
  return text.slice(0, length);
}
