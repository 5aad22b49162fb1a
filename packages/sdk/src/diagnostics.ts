/** Tells the person what goes wrong inside. */
export type Diagnostics = (message: string) => void;

const QUIET_MS = 60_000;

/**
 * Limits what is told to one line a minute, so that a log never fills with us.
 *
 * Lines that had to wait are not told later; the next one says how many there were.
 */
export function createDiagnostics(write: (line: string) => void = defaultWrite): Diagnostics {
  let quietUntil = Number.NEGATIVE_INFINITY;
  let unsaid = 0;
  return (message) => {
    const now = performance.now();
    if (now < quietUntil) {
      unsaid += 1;
      return;
    }
    quietUntil = now + QUIET_MS;
    const more = unsaid === 0 ? "" : ` (and ${unsaid} more since the last line)`;
    unsaid = 0;
    try {
      // Some errors of the system's come in several lines.
      write(`runreel: ${message.trim().replaceAll(/\s*\n\s*/g, " ")}${more}`);
    } catch {
      // A host's own writer that throws is no reason to disturb the host.
    }
  };
}

function defaultWrite(line: string): void {
  process.stderr.write(`${line}\n`);
}
