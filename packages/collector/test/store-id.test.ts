// Proves that the name of the store changes when its content is gone, and not otherwise.
import { afterEach, beforeEach, expect, it } from "vitest";
import { StoreId } from "../src/store/store-id.ts";
import { startEmbeddedStore, type EmbeddedStore } from "./embedded-store.ts";

let store: EmbeddedStore;
let gone = 0;

beforeEach(async () => {
  gone = 0;
  store = await startEmbeddedStore();
});
afterEach(() => store.close());

const open = async (): Promise<StoreId> => {
  const storeId = new StoreId({ client: store.connection.client, journal: "j", onGone: () => (gone += 1) });
  await storeId.check();
  return storeId;
};
const sql = (query: string): Promise<unknown> => store.connection.client.command({ query });
const block = (first: number): Promise<unknown> =>
  sql(`INSERT INTO blocks (journal, partition, first, last, batch, spans) VALUES ('j', 0, ${first}, ${first}, 'b', 1)`);

it("keeps its name while blocks come, over a restart, and between collectors", async () => {
  const first = await open();
  const { id } = first;
  for (let at = 0; at < 5; at += 1) {
    await block(at);
    await first.check();
  }
  expect(first.id).toBe(id);
  expect((await open()).id).toBe(id);
  expect(gone).toBe(0);
});

it("has another name once its blobs are gone, and the same everywhere", async () => {
  const [one, other] = [await open(), await open()];
  const { id } = one;
  await sql("TRUNCATE TABLE blobs");
  await Promise.all([one.check(), other.check()]);
  await Promise.all([one.check(), other.check()]);
  expect(one.id).not.toBe(id);
  expect(other.id).toBe(one.id);
  expect(gone).toBe(2);
});

it("has another name once it is set back to an older copy, and keeps that", async () => {
  const storeId = await open();
  const { id } = storeId;
  await block(1);
  await storeId.check();
  await block(2);
  await storeId.check();
  await sql("ALTER TABLE blocks DELETE WHERE first = 2 SETTINGS mutations_sync = 1");
  // What came since does not hide it.
  await block(3);
  await storeId.check();
  const renamed = storeId.id;
  expect(renamed).not.toBe(id);
  await storeId.check();
  expect(storeId.id).toBe(renamed);
  expect(gone).toBe(1);
});
