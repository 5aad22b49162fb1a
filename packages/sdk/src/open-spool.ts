import { createSender } from "./export/sender.ts";
import { parseOptions } from "./options.ts";
import { deliverSpool } from "./spool/deliver-spool.ts";
import type { SpoolDelivery } from "./spool/deliver-spool.ts";
import { listSpool, readSpoolFile } from "./spool/spool.ts";
import type { WaitingFile } from "./spool/spool.ts";

export type { SpoolDelivery } from "./spool/deliver-spool.ts";
export type { WaitingFile } from "./spool/spool.ts";

/** What waits on disk for one endpoint. */
export interface OpenSpool {
  readonly endpoint: string;
  /** Undefined where the environment turns the spool off. */
  readonly folder: string | undefined;
  /** The requests that wait, in the order in which they are sent. */
  files(): WaitingFile[];
  /** Sends them. Ends at the first that the endpoint does not answer. */
  send(): AsyncGenerator<SpoolDelivery>;
}

/**
 * Opens the spool that programs with this environment use.
 *
 * @private For the command; does not follow semantic versioning.
 * @throws RunreelOptionsError when the environment is wrong, with all faults at once
 */
export function openSpool(environment: Record<string, string | undefined>): OpenSpool {
  const { endpoint, headers, exportTimeoutMs, compression, spoolFolder: folder } = parseOptions({}, environment);
  return {
    endpoint,
    folder,
    files: () => (folder === undefined ? [] : listSpool(folder).flatMap((file) => readSpoolFile(folder, file) ?? [])),
    send: () =>
      deliverSpool(folder ?? "", createSender({ endpoint, headers, timeoutMs: exportTimeoutMs, compression })),
  };
}
