import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Collects what nobody holds; until something is gone, if that is what is waited for. */
export async function collectGarbage(isGone: () => boolean = () => true): Promise<void> {
  const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  for (let round = 0; round < 100 && !isGone(); round += 1) {
    await turn();
    collect();
  }
  // What is told of the dead, and whatever they have held themselves.
  for (let round = 0; round < 5; round += 1) {
    await turn();
    collect();
  }
  await turn();
}
