/** A short text is looked through as quickly as it is looked up. */
const TEXT_MIN_LENGTH = 256;

/** Longer texts are rare, and looking through them again is no great matter beside holding them. */
const TEXT_MAX_LENGTH = 64 * 1024;

/** Characters after which the texts so far count as earlier ones, and those before them are let go. */
const TEXTS_MAX_LENGTH = 512 * 1024;

/** Long texts that were seen lately: what a tool has answered comes as its result and as a message. */
export class RecentTexts {
  #recent = new Set<string>();
  #earlier = new Set<string>();
  #length = 0;

  has(text: string): boolean {
    if (text.length < TEXT_MIN_LENGTH) return false;
    return this.#recent.has(text) || this.#earlier.has(text);
  }

  add(text: string): void {
    if (text.length < TEXT_MIN_LENGTH || text.length > TEXT_MAX_LENGTH) return;
    if (this.#length + text.length > TEXTS_MAX_LENGTH) {
      this.#earlier = this.#recent;
      this.#recent = new Set();
      this.#length = 0;
    }
    this.#recent.add(text);
    this.#length += text.length;
  }
}
