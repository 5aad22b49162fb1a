import { nearestName } from "../nearest-name.ts";
import type { UserPattern } from "./find-user-patterns.ts";
import type { KeyRules } from "./hidden-keys.ts";
import { whyUnsafe } from "./pattern-safety.ts";
import { kindForm } from "./spans.ts";

/** What is taken out of everything that leaves the process, as users say it in `start({ redact: … })`. */
export interface RedactOptions {
  /** Keys, headers, passwords and tokens that everybody would want hidden: the providers' keys by their form, JWTs, private keys, passwords in addresses, what stands under keys such as `password` or `api_key`. On unless given. */
  defaults?: boolean;
  /** More keys whose values go away whole. A name fits in every spelling and as the end of a path: `ssn` hides `SSN` and `user.ssn`. An expression is held against the key as it is. */
  keys?: (string | RegExp)[];
  /** Keys that stay, whatever else says they go: `["secret"]` in a game about secrets. */
  keepKeys?: (string | RegExp)[];
  /** What to take out of every text. A name of small letters, digits and `_` stands in the marker; `pattern` unless given. Expressions that could run for very long are refused, and a text longer than 1,024 characters is shown to them in pieces that share 256. */
  patterns?: (RegExp | { name: string; pattern: RegExp })[];
  /** E-mail addresses too. Off unless given. */
  email?: boolean;
  /** Numbers of payment cards too, by their check digit. Off unless given. */
  cardNumbers?: boolean;
  /** Is given every text, already redacted, and gives what may leave of it. Called very often, so it should be quick; and the same text has to give the same, or a replay does not find its steps. When it throws or gives no text, the whole text is replaced. */
  custom?: CustomRedaction;
}

/** A user's own redaction. `key` is what the text stands under, where that is known. */
export type CustomRedaction = (text: string, context: { key: string | undefined }) => string;

/** Options with nothing left open. */
export interface RedactionRules extends KeyRules {
  patterns: readonly UserPattern[];
  email: boolean;
  cardNumbers: boolean;
  custom: CustomRedaction | undefined;
}

/**
 * Reads what stands under `redact` in the options; `undefined` and `true` mean the defaults, `false` that nothing is redacted.
 *
 * With faults, one sentence each, the rules are the defaults: a slip does not open the door.
 */
export function parseRedactOptions(given: unknown): { rules: RedactionRules | false; faults: string[] } {
  const read = new RedactReader();
  if (given === false) return { rules: false, faults: [] };
  const isObject = typeof given === "object" && given !== null && !Array.isArray(given);
  if (given !== undefined && given !== true && !isObject) {
    read.fault(`redact should be true, false or an object, found ${describe(given)}`);
  }
  const options: Record<string, unknown> = isObject ? { ...given } : {};
  for (const name of Object.keys(options))
    if (!known.has(name)) read.fault(`redact.${name} is no option${meant(name)}`);
  const rules: RedactionRules = {
    defaults: read.flag("defaults", options["defaults"], true),
    keys: read.keys("keys", options["keys"]),
    keepKeys: read.keys("keepKeys", options["keepKeys"]),
    patterns: read.patterns(options["patterns"]),
    email: read.flag("email", options["email"], false),
    cardNumbers: read.flag("cardNumbers", options["cardNumbers"], false),
    custom: read.custom(options["custom"]),
  };
  return { rules, faults: read.faults };
}

const known = new Set<string>([
  "defaults",
  "keys",
  "keepKeys",
  "patterns",
  "email",
  "cardNumbers",
  "custom",
] satisfies (keyof RedactOptions)[]);

function meant(name: string): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? "" : `, did you mean redact.${nearest}?`;
}

/** Reads one option each, and collects faults instead of throwing. */
class RedactReader {
  readonly faults: string[] = [];

  fault(sentence: string): void {
    this.faults.push(sentence);
  }

  flag(option: string, given: unknown, byDefault: boolean): boolean {
    if (typeof given === "boolean") return given;
    if (given !== undefined) this.fault(`redact.${option} should be true or false, found ${describe(given)}`);
    return byDefault;
  }

  keys(option: string, given: unknown): (string | RegExp)[] {
    const keys: (string | RegExp)[] = [];
    for (const [place, key] of this.#list(option, given)) {
      if (key instanceof RegExp) {
        if (this.#isSafe(place, key)) keys.push(withFlags(key, ""));
      } else if (typeof key === "string" && /[A-Za-z\d\u0080-\uffff]/.test(key)) keys.push(key);
      else this.fault(`${place} should be the name of a key or a regular expression, found ${describe(key)}`);
    }
    return keys;
  }

  patterns(given: unknown): UserPattern[] {
    const patterns: UserPattern[] = [];
    for (const [place, item] of this.#list("patterns", given)) {
      const { name = "pattern", pattern = item } = (item ?? {}) as Partial<UserPattern>;
      if (typeof name !== "string" || !kindForm.test(name)) {
        this.fault(`${place}.name should have 1 to 40 small letters, digits and _, found ${describe(name)}`);
      } else if (!(pattern instanceof RegExp)) {
        this.fault(`${place} should be a regular expression, or a name and one, found ${describe(item)}`);
      } else if (this.#isSafe(place, pattern)) {
        if (matchesNothing(pattern))
          this.fault(`${place} matches the empty text, and so everywhere: /${pattern.source}/`);
        else patterns.push({ name, pattern: withFlags(pattern, "g") });
      }
    }
    return patterns;
  }

  custom(given: unknown): CustomRedaction | undefined {
    if (given === undefined || typeof given === "function") return given as CustomRedaction | undefined;
    this.fault(`redact.custom should be a function from text to text, found ${describe(given)}`);
    return undefined;
  }

  #list(option: string, given: unknown): [place: string, item: unknown][] {
    if (given === undefined) return [];
    if (Array.isArray(given)) return given.map((item, index) => [`redact.${option}[${index}]`, item]);
    this.fault(`redact.${option} should be a list, found ${describe(given)}`);
    return [];
  }

  #isSafe(place: string, pattern: RegExp): boolean {
    const reason = whyUnsafe(pattern);
    if (reason !== undefined)
      this.fault(`${place} could run for very long on some texts: ${reason}: /${pattern.source}/`);
    return reason === undefined;
  }
}

function matchesNothing(pattern: RegExp): boolean {
  return withFlags(pattern, "").test("");
}

/** The same expression without a place that it remembers. */
function withFlags(pattern: RegExp, more: string): RegExp {
  return new RegExp(pattern.source, pattern.flags.replaceAll(/[gyd]/g, "") + more);
}

/** What was given, in a word: never the value itself, which may be a secret. */
function describe(given: unknown): string {
  if (Array.isArray(given)) return "a list";
  return given === null ? "null" : given === "" ? "an empty text" : `a value of type ${typeof given}`;
}
