import { isPlaceholder, isRandom } from "./assigned-value.ts";
import { findAssignments, findCredentials } from "./find-assignments.ts";
import { findOptions } from "./find-options.ts";
import { findCardNumbers, findEmails } from "./find-personal-data.ts";
import { findPrivateKeys } from "./find-private-keys.ts";
import { findTokens } from "./find-tokens.ts";
import { findUserPatterns } from "./find-user-patterns.ts";
import { HiddenKeys } from "./hidden-keys.ts";
import { RecentTexts } from "./recent-texts.ts";
import type { RedactionRules } from "./redact-options.ts";
import { marker, Spans } from "./spans.ts";

/** Takes secrets out of what leaves the process. Never throws; the same text gives the same text in every process with the same options. */
export interface Redactor {
  /**
   * The text without secrets; the very same string when there are none. Redacting again changes nothing.
   *
   * @param key what the text stands under, if it is known: under `token` a value that looks made by chance goes away whole
   */
  text(value: string, key?: string): string;
  /** Whether what stands under this key goes away whole, whatever it is. Each key is judged once. */
  hidesKey(key: string): boolean;
  /** What to put in place of a value under a hidden key. Counts one place. */
  hidden(): string;
  /** How many places were redacted so far. */
  readonly count: number;
}

/** No secret fits into less: `pwd=x1`. */
const LEAST_LENGTH = 6;
/** Below it there is no token, no private key and no `Bearer …`. */
const LEAST_TOKEN_LENGTH = 15;

/** A second look finds nothing new in almost all texts, a third in all that were made by hand to be difficult. */
const MOST_ROUNDS = 8;

/** Builds the redactor that the options ask for; for `redact: false`, one that lets everything through. */
export function createRedactor(rules: RedactionRules | false): Redactor {
  return rules === false ? openRedactor : new RuleRedactor(rules);
}

const openRedactor: Redactor = {
  text: (value) => value,
  hidesKey: () => false,
  hidden: () => marker("secret"),
  count: 0,
};

class RuleRedactor implements Redactor {
  readonly #rules: RedactionRules;
  readonly #keys: HiddenKeys;
  readonly #hasAssignments: boolean;
  readonly #clean = new RecentTexts();
  /** One for all texts: most have none, and a look makes no other. */
  readonly #spans = new Spans();
  #count = 0;

  constructor(rules: RedactionRules) {
    this.#rules = rules;
    this.#keys = new HiddenKeys(rules);
    this.#hasAssignments = rules.defaults || rules.keys.length > 0;
  }

  get count(): number {
    return this.#count;
  }

  hidesKey(key: string): boolean {
    return this.#keys.verdict(key) === "hidden";
  }

  hidden(): string {
    this.#count += 1;
    return marker("secret");
  }

  text(value: string, key?: string): string {
    if (key !== undefined && this.#hidesText(key, value)) return this.hidden();
    try {
      const found = this.#find(value);
      const { custom } = this.#rules;
      if (custom === undefined) return found;
      const own: unknown = custom(found, { key });
      if (own === found) return found;
      if (typeof own !== "string") return this.#hideWhole();
      this.#count += 1;
      // Also what a user's function puts there leaves without secrets.
      return this.#find(own);
    } catch {
      // Told by the marker and the count: there is nowhere to throw to.
      return this.#hideWhole();
    }
  }

  #hidesText(key: string, value: string): boolean {
    const verdict = this.#keys.verdict(key);
    if (verdict === "open" || isPlaceholder(value)) return false;
    return verdict === "random" ? isRandom(value) : true;
  }

  /** What is taken out may have hidden the form of what stood beside it, so what is left is looked through again: most texts once in all. */
  #find(text: string): string {
    if (this.#clean.has(text)) return text;
    let left = text;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const found = this.#findOnce(left);
      if (found === left) break;
      left = found;
    }
    if (left === text) this.#clean.add(text);
    return left;
  }

  #findOnce(text: string): string {
    const { defaults, patterns, email, cardNumbers } = this.#rules;
    if (text.length < LEAST_LENGTH && patterns.length === 0 && !email) return text;
    const spans = this.#spans;
    spans.begin(text);
    if (this.#hasAssignments) findAssignments(text, this.#keys, spans);
    if (defaults && text.length >= LEAST_TOKEN_LENGTH) {
      findTokens(text, spans);
      findPrivateKeys(text, spans);
      findCredentials(text, spans);
      findOptions(text, this.#keys, spans);
    }
    if (email) findEmails(text, spans);
    if (cardNumbers) findCardNumbers(text, spans);
    if (patterns.length > 0) findUserPatterns(text, patterns, spans);
    if (spans.isEmpty) return text;
    const redacted = spans.apply();
    this.#count += redacted.count;
    return redacted.text;
  }

  /** What could not be looked through has not been found clean. */
  #hideWhole(): string {
    this.#count += 1;
    return marker("error");
  }
}
