// Proves that an agent does not notice what is wrong with its endpoint, that its process ends, and that every span is accounted for.
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { afterEach, expect, test } from "vitest";

import { runProgram } from "./run-program.ts";

const open: Server[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) {
    (server as Partial<{ closeAllConnections(): void }>).closeAllConnections?.();
    server.close();
  }
});

async function listening(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** An endpoint that takes the whole request and then does this. */
const answering = (answer: (response: ServerResponse) => void) =>
  createServer((request, response) => {
    request.resume();
    request.once("end", () => answer(response));
  });

const SPANS = 21;
const TEST_MAX_MS = 60_000;
const spooled = { delivered: 0, spooled: SPANS, dropped: {} };
const rejected = (status: number) => ({ delivered: 0, spooled: 0, dropped: { [`rejected_${status}`]: SPANS } });

const endpoints: Record<string, { server: () => Server; scheme?: string; counts: object; told: RegExp }> = {
  "never answers": { server: () => answering(() => {}), counts: spooled, told: /^$/ },
  "answers a byte a second": {
    server: () =>
      answering((response) => {
        response.writeHead(200, { "content-length": 1_000 });
        const timer = setInterval(() => response.write("x"), 1_000);
        response.once("close", () => clearInterval(timer));
      }),
    counts: spooled,
    told: /^$/,
  },
  "answers 500": { server: () => answering((response) => response.writeHead(500).end()), counts: spooled, told: /500/ },
  "answers 503 and wants to be asked in an hour": {
    server: () => answering((response) => response.writeHead(503, { "retry-after": "3600" }).end()),
    counts: spooled,
    told: /503/,
  },
  "answers 400": {
    server: () => answering((response) => response.writeHead(400).end()),
    counts: rejected(400),
    told: /400/,
  },
  "answers 413": {
    server: () => answering((response) => response.writeHead(413).end()),
    counts: rejected(413),
    told: /413/,
  },
  "sends elsewhere": {
    server: () => answering((response) => response.writeHead(302, { location: "/login" }).end()),
    counts: rejected(302),
    told: /302/,
  },
  "answers with a web page": {
    server: () => answering((response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>Hi</h1>")),
    counts: spooled,
    told: /web page/,
  },
  "answers with half a body": {
    server: () =>
      answering((response) => {
        response.writeHead(200, { "content-length": 100 });
        response.write("half", () => response.destroy());
      }),
    counts: spooled,
    told: /127\.0\.0\.1/,
  },
  "answers with a body that has no end": {
    server: () =>
      answering((response) => {
        const timer = setInterval(() => response.write("x".repeat(100_000)), 1);
        response.once("close", () => clearInterval(timer));
      }),
    counts: spooled,
    told: /more than 65536 bytes/,
  },
  "answers with bytes that mean nothing": {
    server: () =>
      answering((response) =>
        response.writeHead(200, { "content-type": "application/x-protobuf" }).end("\xff\xff\xff"),
      ),
    counts: { delivered: SPANS, spooled: 0, dropped: {} },
    told: /^$/,
  },
  "hangs up": {
    server: () => createTcpServer((socket) => socket.destroy()),
    counts: spooled,
    told: /closed the connection/,
  },
  "speaks no HTTP": {
    server: () => createTcpServer((socket) => void socket.end("220 smtp.example.test ready\r\n")),
    counts: spooled,
    told: /127\.0\.0\.1/,
  },
  "speaks no TLS": {
    server: () => answering((response) => response.end()),
    scheme: "https",
    counts: spooled,
    told: /127\.0\.0\.1/,
  },
};

test.each(Object.entries(endpoints))(
  "an endpoint that %s",
  async (_, { server, scheme = "http", counts, told }) => {
    const port = await listening(server());
    expect(await work(`${scheme}://127.0.0.1:${port}`)).toEqual(undisturbed(counts, told));
  },
  TEST_MAX_MS,
);

test("a host that nobody knows", async () => {
  expect(await work("http://nobody.invalid:4318")).toEqual(undisturbed(spooled, /nobody\.invalid/));
});

/** What an agent and its user see: the result, the way it ended, and one line at most. */
async function work(endpoint: string) {
  // A process that waited for the answer would wait for longer than this test may take.
  const environment = { RUNREEL_FLUSH_INTERVAL_MS: "10", RUNREEL_EXPORT_TIMEOUT_MS: "120000" };
  const { code, signal, output, errors } = await runProgram("works", [], {
    RUNREEL_ENDPOINT: endpoint,
    ...environment,
  });
  const [result, status = "{}"] = output.trim().split("\n");
  const [told = "", ...more] = errors.split("\n").filter(Boolean);
  return { code, signal, result, status: JSON.parse(status) as unknown, told, more };
}

function undisturbed(counts: object, told: RegExp): object {
  return {
    code: 0,
    signal: null,
    result: "380",
    status: { recorded: SPANS, buffered: 0, ...counts },
    told: expect.stringMatching(told) as string,
    more: [],
  };
}
