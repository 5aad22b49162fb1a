import { join } from "node:path";

/** As much of a plugin of Vite as this one is. */
interface Plugin {
  name: string;
  enforce: "pre";
  resolveId(this: { resolve: Resolve }, source: string, importer: string | undefined): Promise<unknown>;
}

type Resolve = (source: string, importer: string, options: { skipSelf: boolean }) => Promise<unknown>;

/** Names the folder whose `node_modules` hold LangChain, if it is not the one that is installed here. */
export const CELL_VARIABLE = "RUNREEL_LANGCHAIN_CELL";

/** What the versions differ in, and what has to be the same copy for them. */
const isOfCell = (source: string): boolean => /^(langchain|@langchain\/[^/]+|zod)(\/|$)/.test(source);

/** Resolves LangChain from the folder of a cell, for sources and tests that stay where they are. */
export function fromCell(folder: string | undefined = process.env[CELL_VARIABLE]): Plugin {
  return {
    name: "runreel-langchain-cell",
    enforce: "pre",
    async resolveId(source) {
      if (folder === undefined || !isOfCell(source)) return null;
      const found = await this.resolve(source, join(folder, "package.json"), { skipSelf: true });
      if (found === null) throw new Error(`${source} is not installed in ${folder}. npm run test:matrix installs it.`);
      return found;
    },
  };
}
