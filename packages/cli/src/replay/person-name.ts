import { hostname, userInfo } from "node:os";

/** Who decides: RUNREEL_USER, or the user of this machine. Kept with every decision. */
export function personName(environment: Record<string, string | undefined>): string {
  const given = environment["RUNREEL_USER"];
  if (given) return given;
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `someone@${hostname()}`;
  }
}
