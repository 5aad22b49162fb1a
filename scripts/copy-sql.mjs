// tsc copies no SQL: puts the collector's migrations beside its build. Runs in the package's folder.
import { cpSync } from "node:fs";

cpSync("src/store/sql", "dist/store/sql", { recursive: true });
