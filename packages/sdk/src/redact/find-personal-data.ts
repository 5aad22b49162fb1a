import { BACKSLASH, isDigit, tokenCharacter } from "./characters.ts";
import type { Spans } from "./spans.ts";

const LOCAL_PART_MAX_LENGTH = 64;
/** Letters and digits aside, what stands before the `@` in the addresses that people have. */
const inLocalPart = /[.!#$%&'*+/=?^{|}~]/;
const domain = /(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,8}[A-Za-z]{2,24}/y;

/** Finds e-mail addresses: goes out from each `@`, to both sides a bounded way. */
export function findEmails(text: string, spans: Spans): void {
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    let start = at;
    while (start > 0 && at - start < LOCAL_PART_MAX_LENGTH && isInLocalPart(text, start - 1)) start -= 1;
    if (start > 0 && at > start && text.charCodeAt(start - 1) === BACKSLASH && /[nrtbf]/.test(text[start]!)) start += 1;
    domain.lastIndex = at + 1;
    if (start < at && domain.test(text)) spans.add(start, domain.lastIndex, "email");
  }
}

function isInLocalPart(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return tokenCharacter[code] !== 0 || code >= 128 || inLocalPart.test(text[index]!);
}

/** The digits of a payment card, alone or in the groups that are printed on it. */
const digits = /\d{4}(?:(?: \d{4}){3}|(?:-\d{4}){3}| \d{6} \d{5}|-\d{6}-\d{5})|\d{13,19}/g;

/** Finds the numbers of payment cards: 13 to 19 digits that an issuer gives out, with the check digit that they must have. */
export function findCardNumbers(text: string, spans: Spans): void {
  for (const match of text.matchAll(digits)) {
    const start = match.index;
    const end = start + match[0].length;
    if (isPartOfNumber(text, start - 1) || isPartOfNumber(text, end)) continue;
    const number = match[0].replaceAll(/[ -]/g, "");
    if (isIssued(number) && hasCheckDigit(number)) spans.add(start, end, "card_number");
  }
}

function isPartOfNumber(text: string, index: number): boolean {
  return isDigit(text.charCodeAt(index)) || text[index] === ".";
}

/** American Express, Diners, JCB, Visa, Mastercard, Maestro, Discover and UnionPay; of these lengths. */
function isIssued(number: string): boolean {
  return /^(?:3[4-9]\d{12,14}|4\d{12,18}|5[0-8]\d{11,17}|6\d{12,18}|2[2-7]\d{14}|30\d{12})$/.test(number);
}

/** Luhn's. */
function hasCheckDigit(number: string): boolean {
  let sum = 0;
  for (let index = number.length - 1, isDoubled = false; index >= 0; index -= 1, isDoubled = !isDoubled) {
    const digit = number.charCodeAt(index) - 0x30;
    const value = isDoubled ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}
