/** One field of a protobuf message: where its value stands in the buffer. `start` to `end` is the payload of a length-delimited field. */
export interface ProtobufField {
  number: number;
  wireType: number;
  start: number;
  end: number;
}

/** The fields of the message that stands from `start` to `end`. For bytes that we made or that an OTLP exporter made: no defence against others. */
export function* protobufFields(buffer: Buffer, start = 0, end: number = buffer.length): Generator<ProtobufField> {
  let at = start;
  const readVarint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = buffer[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < end) {
    const tag = readVarint();
    const wireType = tag & 7;
    let valueStart = at;
    if (wireType === 2) {
      const length = readVarint();
      valueStart = at;
      at += length;
    } else if (wireType === 0) readVarint();
    else at += wireType === 1 ? 8 : 4;
    yield { number: Math.floor(tag / 8), wireType, start: valueStart, end: at };
  }
}

/** Where the spans of an `ExportTraceServiceRequest` stand. */
export function* spansOf(request: Buffer): Generator<ProtobufField> {
  const RESOURCE_SPANS = 1;
  const SCOPE_SPANS = 2;
  const SPANS = 2;
  for (const resource of protobufFields(request)) {
    if (resource.number !== RESOURCE_SPANS) continue;
    for (const scope of protobufFields(request, resource.start, resource.end)) {
      if (scope.number !== SCOPE_SPANS) continue;
      for (const span of protobufFields(request, scope.start, scope.end)) if (span.number === SPANS) yield span;
    }
  }
}
