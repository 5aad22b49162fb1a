import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** The name in the `package.json` nearest to the program, or else the program's file name. */
export function defaultServiceName(program: string | undefined = process.argv[1]): string {
  let folder = program === undefined ? process.cwd() : dirname(program);
  for (;;) {
    const name = packageName(join(folder, "package.json"));
    if (name !== undefined) return name;
    const above = dirname(folder);
    if (above === folder) return program === undefined ? "node" : basename(program);
    folder = above;
  }
}

function packageName(file: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(file, "utf8")) as { name?: unknown };
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch {
    return undefined;
  }
}
