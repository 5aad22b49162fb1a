import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where undelivered data waits unless somebody says otherwise: the user's cache folder, as each system has it. */
export function defaultSpoolRoot(environment: Record<string, string | undefined>, platform: NodeJS.Platform): string {
  return join(cacheFolder(environment, platform), "runreel", "spool");
}

/** The folder for one endpoint: what was recorded for one is never sent to another. */
export function spoolFolder(root: string, endpoint: string): string {
  const { host, pathname } = new URL(endpoint);
  const digest = createHash("sha256")
    .update(`${host}${pathname.replace(/\/+$/, "")}`)
    .digest("hex")
    .slice(0, 8);
  return join(root, `${host.replaceAll(/[^\w.-]/g, "_")}-${digest}`);
}

function cacheFolder(environment: Record<string, string | undefined>, platform: NodeJS.Platform): string {
  if (platform === "darwin") return join(homedir(), "Library", "Caches");
  if (platform === "win32") return environment["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local");
  return environment["XDG_CACHE_HOME"] || join(homedir(), ".cache");
}
