import { connect } from "node:net";

/**
 * Whether somebody listens at a URL's address.
 *
 * The OTLP exporter retries a refused connection on timers that keep a process alive for seconds. So it is only asked when
 * somebody is known to be there.
 */
export function isSomebodyListening(url: URL, timeoutMs: number): Promise<boolean> {
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  // The brackets of an IPv6 address belong to the URL.
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const finish = (isListening: boolean): void => {
      socket.destroy();
      resolve(isListening);
    };
    socket.once("connect", () => finish(true));
    socket.once("timeout", () => finish(false));
    socket.once("error", () => finish(false));
  });
}
