import { readFileSync } from "node:fs";

/** What a process has used so far, all its threads together. */
export interface ProcessUsage {
  cpuMs: number;
  rssMb: number;
  peakRssMb: number;
}

/** The kernel counts in hundredths of a second on every platform that Node supports. */
const TICK_MS = 10;

/** Reads /proc, so Linux only. */
export function processUsage(pid: number): ProcessUsage {
  // The second field, the name in brackets, may contain blanks; utime and stime are the 14th and 15th.
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const megabytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0) / 1024;
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    rssMb: megabytes("VmRSS"),
    peakRssMb: megabytes("VmHWM"),
  };
}

/** The processes that a process has started and that still run. */
export function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return text === "" ? [] : text.split(" ").map(Number);
}
