/** A span as it arrived. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  traceState: string;
  isSampled: boolean;
  name: string;
  kind: number;
  startTimeUnixNano: bigint;
  endTimeUnixNano: bigint;
  attributes: Record<string, unknown>;
  events: { name: string; attributes: Record<string, unknown> }[];
  links: { traceId: string; spanId: string; attributes: Record<string, unknown> }[];
  status: { code: number; message: string };
  resource: Record<string, unknown>;
}

interface Field {
  number: number;
  value: bigint | Buffer;
}

/** The fields of a protobuf message: enough of the format to read what an exporter writes, without the exporter's own code. */
function fields(bytes: Buffer): Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at]!;
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    const wireType = tag & 7;
    if (wireType === 0) found.push({ number, value: varint() });
    else if (wireType === 1) found.push({ number, value: bytes.readBigUInt64LE((at += 8) - 8) });
    else if (wireType === 5) found.push({ number, value: BigInt(bytes.readUInt32LE((at += 4) - 4)) });
    else {
      const length = Number(varint());
      found.push({ number, value: bytes.subarray(at, (at += length)) });
    }
  }
  return found;
}

const all = (message: Field[], number: number): Buffer[] =>
  message.filter((field) => field.number === number).map((field) => field.value as Buffer);
const text = (message: Field[], number: number): string => all(message, number)[0]?.toString("utf8") ?? "";
const hex = (message: Field[], number: number): string => all(message, number)[0]?.toString("hex") ?? "";
const integer = (message: Field[], number: number): bigint =>
  (message.find((field) => field.number === number)?.value as bigint | undefined) ?? 0n;

function anyValue(bytes: Buffer): unknown {
  const [field] = fields(bytes);
  switch (field?.number) {
    case 1:
      return (field.value as Buffer).toString("utf8");
    case 2:
      return field.value === 1n;
    case 3:
      return Number(BigInt.asIntN(64, field.value as bigint));
    case 4:
      return Buffer.from(new BigUint64Array([field.value as bigint]).buffer).readDoubleLE();
    case 5:
      return all(fields(field.value as Buffer), 1).map(anyValue);
    case 7:
      return field.value;
    default:
      return undefined;
  }
}

function attributes(message: Field[], number: number): Record<string, unknown> {
  return Object.fromEntries(
    all(message, number)
      .map(fields)
      .map((pair) => [text(pair, 1), anyValue(all(pair, 2)[0] ?? Buffer.alloc(0))]),
  );
}

/** Reads an ExportTraceServiceRequest. */
export function readSpans(body: Buffer): ReceivedSpan[] {
  return all(fields(body), 1)
    .map(fields)
    .flatMap((resourceSpans) => {
      const resource = attributes(all(resourceSpans, 1).flatMap(fields), 1);
      return all(resourceSpans, 2)
        .map(fields)
        .flatMap((scopeSpans) => all(scopeSpans, 2).map((span) => readSpan(fields(span), resource)));
    });
}

function readSpan(span: Field[], resource: Record<string, unknown>): ReceivedSpan {
  const status = all(span, 15).flatMap(fields);
  return {
    traceId: hex(span, 1),
    spanId: hex(span, 2),
    parentSpanId: hex(span, 4),
    traceState: text(span, 3),
    isSampled: (integer(span, 16) & 1n) === 1n,
    name: text(span, 5),
    kind: Number(integer(span, 6)),
    startTimeUnixNano: integer(span, 7),
    endTimeUnixNano: integer(span, 8),
    attributes: attributes(span, 9),
    events: all(span, 11)
      .map(fields)
      .map((event) => ({ name: text(event, 2), attributes: attributes(event, 3) })),
    links: all(span, 13)
      .map(fields)
      .map((link) => ({ traceId: hex(link, 1), spanId: hex(link, 2), attributes: attributes(link, 4) })),
    status: { code: Number(integer(status, 3)), message: text(status, 2) },
    resource,
  };
}
