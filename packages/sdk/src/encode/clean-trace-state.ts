import type { ContentRedactor } from "@runreel/content";

/** Says how many members were left out. Like them, a member of a tracestate, so that what is left is one. */
const MARKER = "runreel-redacted";

/**
 * A tracestate without secrets. Its members are other vendors', in forms of their own, so one with a secret goes whole. What OpenTelemetry
 * says of sampling alone is left as it is: it would be wrong with anything missing.
 */
export function cleanTraceState(state: string, redactor: ContentRedactor): string {
  const members = state.split(",");
  const kept = members.filter((member) => isSampling(member) || !hasSecret(member, redactor));
  const gone = members.length - kept.length;
  return gone === 0 ? state : [...kept, `${MARKER}=${gone}`].join(",");
}

function isSampling(member: string): boolean {
  return /^\s*ot=(?:(?:th|rv):[0-9a-f]{1,14}(?:;|\s*$))+$/.test(member);
}

function hasSecret(member: string, redactor: ContentRedactor): boolean {
  const at = member.indexOf("=");
  const [key, value] = [member.slice(0, at).trim(), member.slice(at + 1)];
  return redactor.hidesKey(key) || redactor.text(member) !== member || redactor.text(value, key) !== value;
}
