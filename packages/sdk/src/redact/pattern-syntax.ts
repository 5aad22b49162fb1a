/** A regular expression, as far as its running time needs to be known. */
export type Node =
  /** One character of a set; `source` is the expression for it. */
  | { type: "set"; source: string }
  /** `^`, `$`, `\b`: takes nothing, and may fail. */
  | { type: "assertion" }
  | { type: "look"; body: Node }
  | { type: "backreference" }
  | { type: "sequence"; items: Node[] }
  | { type: "choice"; items: Node[] }
  | { type: "repeat"; body: Node; min: number; max: number };

/** Reads the source of a valid expression. */
export function readPattern(pattern: RegExp): Node {
  return new PatternReader(pattern.source).choice();
}

const set = /\\u\{[\da-fA-F]+\}|\\[pP]\{[^}]*\}|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}|\\c[A-Za-z]|\\0|\\[^bBk1-9]|[^\\]/suy;
const assertion = /\^|\$|\\[bB]/y;
const backreference = /\\k<[^>]*>|\\[1-9]\d*/y;
const group = /\((?:\?(?:(<?[=!])|:|<[^>]*>|[ims]*(?:-[ims]+)?:))?/y;
const quantifier = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;

class PatternReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  choice(): Node {
    const items = [this.#sequence()];
    while (this.#source[this.#at] === "|") {
      this.#at += 1;
      items.push(this.#sequence());
    }
    return items.length === 1 ? items[0]! : { type: "choice", items };
  }

  #sequence(): Node {
    const items: Node[] = [];
    while (this.#at < this.#source.length && this.#source[this.#at] !== "|" && this.#source[this.#at] !== ")") {
      const body = this.#atom();
      const times = this.#take(quantifier);
      if (times === undefined) items.push(body);
      else items.push({ type: "repeat", body, ...counts(times) });
    }
    return items.length === 1 ? items[0]! : { type: "sequence", items };
  }

  #atom(): Node {
    if (this.#take(assertion) !== undefined) return { type: "assertion" };
    if (this.#take(backreference) !== undefined) return { type: "backreference" };
    const open = this.#take(group);
    if (open !== undefined) {
      const body = this.choice();
      this.#at += 1;
      return open[1] === undefined ? body : { type: "look", body };
    }
    const from = this.#at;
    if (this.#source[from] === "[") this.#class();
    else if (this.#take(set) === undefined) this.#at += 1;
    return { type: "set", source: this.#source.slice(from, this.#at) };
  }

  /** Classes hold classes when the flag `v` is set; without it, `[` in them is escaped or alone, and taken for one only if that ends well. */
  #class(): void {
    this.#at += 1;
    while (this.#at < this.#source.length && this.#source[this.#at] !== "]") {
      this.#at += this.#source[this.#at] === "\\" ? 2 : 1;
    }
    this.#at += 1;
  }

  #take(form: RegExp): RegExpExecArray | undefined {
    form.lastIndex = this.#at;
    const match = form.exec(this.#source);
    if (match === null) return undefined;
    this.#at = form.lastIndex;
    return match;
  }
}

function counts([, sign, least, comma, most]: RegExpExecArray): { min: number; max: number } {
  if (sign !== undefined) return { min: sign === "+" ? 1 : 0, max: sign === "?" ? 1 : Infinity };
  const min = Number(least);
  return { min, max: comma === undefined ? min : most === "" ? Infinity : Number(most) };
}
