/** Longer texts are rare, and hashing them anew is no great matter beside holding them. */
const TEXT_MAX_LENGTH = 64 * 1024;

/** Characters after which the texts so far count as earlier ones, and those before them are let go. */
const TEXTS_MAX_LENGTH = 1024 * 1024;

/**
 * The references to texts that were cut out lately, by the texts themselves, so that none goes stale: what a tool has answered comes as
 * its result, as a message and in the next question.
 */
export class RecentTexts {
  #recent = new Map<string, string>();
  #earlier = new Map<string, string>();
  #length = 0;

  refOf(text: string): string | undefined {
    return this.#recent.get(text) ?? this.#earlier.get(text);
  }

  keep(text: string, ref: string): void {
    if (text.length > TEXT_MAX_LENGTH) return;
    if (this.#length + text.length > TEXTS_MAX_LENGTH) {
      this.#earlier = this.#recent;
      this.#recent = new Map();
      this.#length = 0;
    }
    this.#recent.set(text, ref);
    this.#length += text.length;
  }
}
