import { isPlaceholder } from "./assigned-value.ts";
import type { Spans } from "./spans.ts";

/** The most characters that user and password of an address take. */
const USER_INFO_MAX_LENGTH = 512;

const endOfAddress = /[\s"'`<>\\]/;

/** Whoever has the address of a webhook can use it: the rest of it is the secret. */
const webhook =
  /(?:hooks\.slack\.com\/(?:services|workflows|triggers)\/|(?:\w{1,16}\.)?discord(?:app)?\.com\/api\/webhooks\/)([\w/-]{20,512})/y;

/**
 * Takes the password out of `scheme://user:password@host`, where `colon` is the first one. Passwords with an `@` or `/` in them are addresses only
 * to their authors, and common. Gives the place from which to go on.
 */
export function addUrlPassword(text: string, colon: number, spans: Spans): number {
  const from = colon + 3;
  webhook.lastIndex = from;
  const secret = webhook.exec(text)?.[1];
  if (secret !== undefined) {
    spans.add(webhook.lastIndex - secret.length, webhook.lastIndex, "webhook");
    return webhook.lastIndex;
  }
  const most = Math.min(text.length, from + USER_INFO_MAX_LENGTH);
  let passwordAt = -1;
  let at = -1;
  let slash = -1;
  for (let index = from; index < most; index += 1) {
    const character = text[index]!;
    if (character === "@") {
      // A path's `/@scope` is no end of a password.
      if (text[index - 1] !== "/") at = index;
    } else if (character === ":") {
      // The next address begins.
      if (text.startsWith("//", index + 1)) break;
      if (passwordAt < 0 && slash < 0) passwordAt = index + 1;
    } else if (character === "/" || character === "?" || character === "#") {
      // Without a password, or with a port in its place, the address is done.
      if (passwordAt < 0 || (at < 0 && /^\d{0,5}$/.test(text.slice(passwordAt, index)))) break;
      slash = index;
    } else if (endOfAddress.test(character)) break;
  }
  if (passwordAt < 0 || at <= passwordAt) return from;
  if (!isPlaceholder(text.slice(passwordAt, at))) spans.add(passwordAt, at, "password");
  return at;
}
