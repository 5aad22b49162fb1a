import { doubled } from "./attribute-table.ts";

/**
 * The spans of a batch in struct-of-arrays form: no object a span. Positions point into the batch's bytes; `…From` and `…To` are ranges of rows.
 */
export class SpanTable {
  count = 0;
  traceAt: Uint32Array = new Uint32Array(256);
  spanAt: Uint32Array = new Uint32Array(256);
  /** 0 where there is no parent: no id can stand at the first byte. */
  parentAt: Uint32Array = new Uint32Array(256);
  nameAt: Uint32Array = new Uint32Array(256);
  nameLength: Uint32Array = new Uint32Array(256);
  kind: Uint8Array = new Uint8Array(256);
  /** 0 unset, 1 ok, 2 error. */
  status: Uint8Array = new Uint8Array(256);
  messageAt: Uint32Array = new Uint32Array(256);
  messageLength: Uint32Array = new Uint32Array(256);
  /** Nanoseconds since the epoch, as two halves of a 64-bit number. */
  startLow: Uint32Array = new Uint32Array(256);
  startHigh: Uint32Array = new Uint32Array(256);
  endLow: Uint32Array = new Uint32Array(256);
  endHigh: Uint32Array = new Uint32Array(256);
  resource: Uint32Array = new Uint32Array(256);
  scope: Uint32Array = new Uint32Array(256);
  attributesFrom: Uint32Array = new Uint32Array(256);
  attributesTo: Uint32Array = new Uint32Array(256);
  eventsFrom: Uint32Array = new Uint32Array(256);
  eventsTo: Uint32Array = new Uint32Array(256);
  linksFrom: Uint32Array = new Uint32Array(256);
  linksTo: Uint32Array = new Uint32Array(256);

  /** Makes room for one more span. Every field of it is zero. */
  push(): number {
    if (this.count === this.kind.length) this.#grow();
    const row = this.count++;
    this.parentAt[row] = 0;
    this.nameLength[row] = 0;
    this.kind[row] = 0;
    this.status[row] = 0;
    this.messageLength[row] = 0;
    this.startLow[row] = 0;
    this.startHigh[row] = 0;
    this.endLow[row] = 0;
    this.endHigh[row] = 0;
    return row;
  }

  #grow(): void {
    this.traceAt = doubled(this.traceAt);
    this.spanAt = doubled(this.spanAt);
    this.parentAt = doubled(this.parentAt);
    this.nameAt = doubled(this.nameAt);
    this.nameLength = doubled(this.nameLength);
    this.kind = doubled(this.kind);
    this.status = doubled(this.status);
    this.messageAt = doubled(this.messageAt);
    this.messageLength = doubled(this.messageLength);
    this.startLow = doubled(this.startLow);
    this.startHigh = doubled(this.startHigh);
    this.endLow = doubled(this.endLow);
    this.endHigh = doubled(this.endHigh);
    this.resource = doubled(this.resource);
    this.scope = doubled(this.scope);
    this.attributesFrom = doubled(this.attributesFrom);
    this.attributesTo = doubled(this.attributesTo);
    this.eventsFrom = doubled(this.eventsFrom);
    this.eventsTo = doubled(this.eventsTo);
    this.linksFrom = doubled(this.linksFrom);
    this.linksTo = doubled(this.linksTo);
  }
}

/** The events of a batch's spans. */
export class EventTable {
  count = 0;
  timeLow: Uint32Array = new Uint32Array(64);
  timeHigh: Uint32Array = new Uint32Array(64);
  nameAt: Uint32Array = new Uint32Array(64);
  nameLength: Uint32Array = new Uint32Array(64);
  attributesFrom: Uint32Array = new Uint32Array(64);
  attributesTo: Uint32Array = new Uint32Array(64);

  /** Makes room for one more event. Time and name are zero. */
  push(): number {
    if (this.count === this.timeLow.length) this.#grow();
    const row = this.count++;
    this.timeLow[row] = 0;
    this.timeHigh[row] = 0;
    this.nameLength[row] = 0;
    return row;
  }

  #grow(): void {
    this.timeLow = doubled(this.timeLow);
    this.timeHigh = doubled(this.timeHigh);
    this.nameAt = doubled(this.nameAt);
    this.nameLength = doubled(this.nameLength);
    this.attributesFrom = doubled(this.attributesFrom);
    this.attributesTo = doubled(this.attributesTo);
  }
}

/** The links of a batch's spans. */
export class LinkTable {
  count = 0;
  traceAt: Uint32Array = new Uint32Array(16);
  spanAt: Uint32Array = new Uint32Array(16);
  attributesFrom: Uint32Array = new Uint32Array(16);
  attributesTo: Uint32Array = new Uint32Array(16);

  /** Makes room for one more link. */
  push(): number {
    if (this.count === this.traceAt.length) this.#grow();
    return this.count++;
  }

  #grow(): void {
    this.traceAt = doubled(this.traceAt);
    this.spanAt = doubled(this.spanAt);
    this.attributesFrom = doubled(this.attributesFrom);
    this.attributesTo = doubled(this.attributesTo);
  }
}
