import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import type { FastifyRequest } from "fastify";
import { CollectorError } from "../errors.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The project the request reads from and writes to. */
    project: string;
  }
}

export interface AuthenticationOptions {
  apiKeys: readonly { key: string; project: string }[];
  /** The project of requests where no keys are set. */
  defaultProject: string;
}

/** Finds out which project a request belongs to, by its key. */
export function createAuthentication(options: AuthenticationOptions): (request: FastifyRequest) => string {
  const keys = options.apiKeys.map(({ key, project }) => ({ digest: digest(key), project }));
  return (request) => {
    if (keys.length === 0) {
      refuseForeignHost(request.host);
      return options.defaultProject;
    }
    const given = credential(request.headers.authorization);
    if (given === null) throw new CollectorError("RUNREEL_REQUEST_UNAUTHORIZED", "The request carries no API key.");
    // Digests have one length and every key is compared, so the time taken tells nothing about a key.
    const sent = digest(given);
    let project: string | null = null;
    for (const key of keys) if (timingSafeEqual(key.digest, sent)) project = key.project;
    if (project === null) throw new CollectorError("RUNREEL_REQUEST_UNAUTHORIZED", "The API key is not known.");
    return project;
  };
}

/** Without keys anyone on this machine is let in, but not a web page that has made its own host name point here. */
function refuseForeignHost(host: string | undefined): void {
  const name = (host ?? "localhost").replace(/:\d*$/, "").replace(/^\[|\]$/g, "");
  if (name === "localhost" || name.endsWith(".localhost") || isIP(name) !== 0) return;
  throw new CollectorError(
    "RUNREEL_REQUEST_UNAUTHORIZED",
    `Without API keys the collector answers to localhost and IP addresses only, and the request was for ${name.slice(0, 100)}.`,
  );
}

/** The key of `Bearer key`, or the password of `Basic`, which is how some OTLP clients send theirs. */
function credential(header: string | undefined): string | null {
  const parts = /^(bearer|basic) +(\S+)$/i.exec(header?.trim() ?? "");
  if (!parts) return null;
  if (parts[1]!.toLowerCase() === "bearer") return parts[2]!;
  const pair = Buffer.from(parts[2]!, "base64").toString();
  return pair.slice(pair.indexOf(":") + 1);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
