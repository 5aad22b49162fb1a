import { openSpool, type OpenSpool, type SpoolDelivery, type WaitingFile } from "@runreel/sdk/spool";
import type { Command } from "commander";

import { createCommand, show, type CommandContext } from "../command-context.ts";
import { CommandFailure, exitCodes } from "../command-failure.ts";
import { moment } from "../print/quantity.ts";
import { printTable } from "../print/table.ts";

/** `runreel spool`: what programs on this machine could not deliver before they ended. */
export function spoolCommand(context: CommandContext): Command {
  const send = createCommand(
    "send",
    "Send what waits on disk, and delete what the collector has taken",
    `  runreel spool send
  RUNREEL_ENDPOINT=https://runreel.example:4318 runreel spool send`,
  ).action(async (_: object, command: Command) => {
    // An option that both commands have goes to the outer one.
    const { json } = command.optsWithGlobals<{ json?: boolean }>();
    await sendAll(context, json);
  });
  return createCommand(
    "spool",
    "List what programs could not deliver before they ended; it waits on disk for the next start, or for `spool send`",
    `  runreel spool
  runreel spool send`,
  )
    .action(({ json }: { json?: boolean }) => list(context, json))
    .addCommand(send);
}

function list(context: CommandContext, isJson: boolean | undefined): void {
  const spool = open(context);
  const files = spool.files();
  const { endpoint, folder = null } = spool;
  const rows = files.map(({ name, kind, spanCount, blobCount, bytes, writtenAt }) => ({
    name,
    kind,
    spans: spanCount,
    blobs: blobCount,
    bytes,
    writtenAt: writtenAt.toISOString(),
  }));
  show(context, isJson, { endpoint, folder, files: rows }, () => listing(context, spool, files));
}

function listing(context: CommandContext, { endpoint, folder }: OpenSpool, files: readonly WaitingFile[]): string {
  if (folder === undefined) return "The spool is turned off (RUNREEL_SPOOL=0).";
  if (files.length === 0) return `Nothing waits for ${endpoint} in ${folder}.`;
  const table = printTable(
    files,
    [
      { title: "since (UTC)", cell: ({ writtenAt }) => moment(writtenAt.toISOString()) },
      { title: "spans", align: "right", cell: ({ spanCount }) => String(spanCount) },
      { title: "pieces of content", align: "right", cell: ({ blobCount }) => String(blobCount) },
      { title: "bytes", align: "right", cell: ({ bytes }) => String(bytes) },
      { title: "by process", align: "right", cell: ({ writer }) => writer.split("_")[0] ?? "" },
    ],
    context.sheet,
  );
  return `${table}\n\nThey wait for ${endpoint} in ${folder}. To send them now: runreel spool send`;
}

async function sendAll(context: CommandContext, isJson: boolean | undefined): Promise<void> {
  const spool = open(context);
  const sent = { files: 0, spans: 0, rejectedSpans: 0 };
  let failure: string | undefined;
  // Keeps the process alive while it waits for an answer, which the sender does not.
  const waiting = setInterval(() => {}, 1_000);
  try {
    for await (const { file, kind, error } of spool.send()) {
      if (kind === "failed") failure = error;
      else if (kind === "rejected") sent.rejectedSpans += file.spanCount;
      else {
        sent.files += 1;
        sent.spans += file.spanCount;
        if (!isJson) context.tell(`sent ${whatIsIn(file)}`);
      }
      if (kind === "rejected") context.tell(`${error}: ${file.spanCount} spans are lost`);
    }
  } finally {
    clearInterval(waiting);
  }
  const left = spool.files().length;
  if (failure !== undefined) {
    throw new CommandFailure(exitCodes.unreachable, `${failure}; ${left} files still wait in ${spool.folder}`, {
      code: "RUNREEL_SPOOL_NOT_SENT",
      hint: "Start the collector (runreel up), or name another by RUNREEL_ENDPOINT, and send again",
    });
  }
  show(context, isJson, { endpoint: spool.endpoint, ...sent, left }, () =>
    sent.files === 0
      ? `Nothing waits for ${spool.endpoint}.`
      : `Sent ${sent.spans} spans in ${sent.files} requests to ${spool.endpoint}.`,
  );
}

/** A file may hold nothing but what its process said of itself last. */
function whatIsIn({ spanCount, blobCount }: SpoolDelivery["file"]): string {
  if (spanCount + blobCount === 0) return "the last report of a process";
  return `${spanCount} spans and ${blobCount} pieces of content`;
}

function open({ environment }: CommandContext): OpenSpool {
  try {
    return openSpool(environment);
  } catch (error) {
    throw new CommandFailure(exitCodes.wrongUse, (error as Error).message, { code: "RUNREEL_COMMAND_USE" });
  }
}
