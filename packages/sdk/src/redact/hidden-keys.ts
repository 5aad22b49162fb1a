import { isDigit, JOINER, tokenCharacter } from "./characters.ts";

/** What a key says about the value under it. */
export type KeyVerdict =
  /** Nothing. */
  | "open"
  /** It is hidden if it looks made by chance: a `token` is a word to a tokenizer, and a secret to a server. */
  | "random"
  /** It is hidden if it is a text: `pass` also counts tests. */
  | "text"
  /** It is hidden, whatever it is. */
  | "hidden";

/** Keys as users name them: a name fits in every spelling (`ssn`, `SSN`, `user.ssn`), an expression as it is. */
export interface KeyRules {
  defaults: boolean;
  keys: readonly (string | RegExp)[];
  keepKeys: readonly (string | RegExp)[];
}

const REMEMBERED_KEYS = 4096;
const KEY_MAX_LENGTH = 256;

/** Judges keys. Each is judged once, then remembered. */
export class HiddenKeys {
  readonly #rules: KeyRules;
  readonly #verdicts = new Map<string, KeyVerdict>();
  /** By the last two characters of a key, whether it can be hidden: most keys are open by that alone. */
  readonly #endings = new Uint8Array(128 * 128);

  constructor(rules: KeyRules) {
    this.#rules = rules;
    const own = rules.keys.filter((key) => typeof key === "string");
    const endings = [...own.map(squeeze), ...(rules.defaults ? [...hiddenEndings, ...hiddenWords, ...openWords] : [])];
    // An expression, or a name of one letter, can fit any key.
    const isAny = own.length < rules.keys.length || endings.some((ending) => ending.length < 2);
    for (const ending of endings) {
      const [beforeLast, last] = ending.slice(-2);
      for (const first of [beforeLast ?? "", beforeLast?.toUpperCase() ?? ""]) {
        for (const second of [last ?? "", last?.toUpperCase() ?? ""])
          this.#lookAt(first.charCodeAt(0), second.charCodeAt(0));
      }
    }
    for (let last = 0; last < 128; last += 1) {
      // A number or separator at the end hides what a key ends with.
      if (!isAny && !isDigit(last) && tokenCharacter[last] !== JOINER) continue;
      for (let first = 0; first < 128; first += 1) this.#lookAt(first, last);
    }
  }

  #lookAt(beforeLast: number, last: number): void {
    if (beforeLast < 128 && last < 128) this.#endings[beforeLast * 128 + last] = 1;
  }

  /** Whether a key that ends with these two UTF-16 units may be anything but open. */
  mayEndWith(beforeLast: number, last: number): boolean {
    return last >= 128 || beforeLast >= 128 || this.#endings[beforeLast * 128 + last] === 1;
  }

  verdict(key: string): KeyVerdict {
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    const verdict = this.#judge(key);
    // A program with keys without end shall not fill the memory.
    if (this.#verdicts.size >= REMEMBERED_KEYS) this.#verdicts.clear();
    if (key.length <= KEY_MAX_LENGTH) this.#verdicts.set(key, verdict);
    return verdict;
  }

  #judge(key: string): KeyVerdict {
    // No key is that long; what is told by its end is still told.
    const looked = key.slice(-KEY_MAX_LENGTH);
    if (names(this.#rules.keepKeys, looked)) return "open";
    if (names(this.#rules.keys, looked)) return "hidden";
    return this.#rules.defaults ? judgeByDefault(looked) : "open";
  }
}

/** Without case and separators, and without the number at the end that tells one of several from the others. */
function squeeze(key: string): string {
  return key
    .replace(/[_\-\s\d]{1,8}$/, "")
    .replaceAll(/[_\-.\s]/g, "")
    .toLowerCase();
}

function names(list: readonly (string | RegExp)[], key: string): boolean {
  if (list.length === 0) return false;
  const squeezed = squeeze(key);
  const last = squeeze(key.slice(key.lastIndexOf(".") + 1));
  return list.some((name) => {
    if (typeof name !== "string") return name.test(key);
    const wanted = squeeze(name);
    return wanted === squeezed || wanted === last;
  });
}

function judgeByDefault(key: string): KeyVerdict {
  if (/^(?:is|has|needs|requires)(?:[_-]|[A-Z])/.test(key) || key === "PWD" || key === "OLDPWD") return "open";
  const squeezed = squeeze(key);
  if (allHiddenEndings.some((ending) => squeezed.endsWith(ending))) return "hidden";
  const last = key.includes(".") ? squeeze(key.slice(key.lastIndexOf(".") + 1)) : squeezed;
  if (hiddenWords.includes(last)) return "hidden";
  if (last === "pass") return "text";
  return openWords.includes(last) ? "random" : "open";
}

const tokenOwners =
  "access auth refresh id bearer api session secret private personal security service bot app user client deploy oauth csrf xsrf jwt github gitlab slack npm pypi hf huggingface vault telegram discord login reset webhook admin master root identity verification";

/** A key that ends like this is hidden: `OPENAI_API_KEY`, `db.password`, `clientSecret`. */
const hiddenEndings: readonly string[] = [
  ..."password passwords passwd pwd passphrase passcode passwordhash secret secrets".split(" "),
  ..."apikey apikeys secretkey accesskey privatekey encryptionkey signingkey authkey accountkey".split(" "),
  ..."sharedkey subscriptionkey masterkey servicerolekey functionkey sshkey".split(" "),
  ..."credentials authorization setcookie sessioncookie authcookie secretvalue secretstring".split(" "),
  ...tokenOwners.split(" ").map((owner) => `${owner}token`),
];

/** These too, but not in the midst of a text: most keys that end like them count what a model was given. */
const hiddenPlurals: readonly string[] = "accesstokens refreshtokens authtokens apitokens".split(" ");

const allHiddenEndings: readonly string[] = [...hiddenEndings, ...hiddenPlurals];

/** A key that is this word, or a path that ends with it, is hidden. */
const hiddenWords: readonly string[] = "cookie cookies jwt bearer xapptoken xamzsignature".split(" ");

/** A key that is this word hides what looks made by chance. */
const openWords: readonly string[] = "token sig signature auth pass".split(" ");
