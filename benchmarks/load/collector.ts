// A collector in a process of its own, as `runreel up` runs it: with the embedded ClickHouse and the configuration's defaults.
import { createCollector, loadConfig } from "@runreel/collector";
import { childArgument } from "../measure/child.ts";

const overrides = childArgument() as Record<string, unknown>;
// Nothing of the environment: what is measured must not depend on the shell it is started from.
const loaded = loadConfig({ environment: {}, overrides });
if (!loaded.ok) throw new Error(`The collector cannot start: ${JSON.stringify(loaded.faults)}`);

const collector = await createCollector(loaded.config);
const url = await collector.listen();
process.once("SIGTERM", () => void collector.stop().then(() => process.disconnect()));
// Never outlive the benchmark or the test.
process.once("disconnect", () => process.exit(0));
process.send?.({ url });
