// Records some steps with content and then ends in the way that its argument says.
import { run, start, status, step } from "@runreel/sdk";

const [way = "", count = "20"] = process.argv.slice(2);
start();
if (way === "handles-sigterm") {
  process.on("SIGTERM", () => {
    console.log(JSON.stringify(status()));
    process.exitCode = 3;
    clearInterval(alive);
  });
}
const alive = setInterval(() => {}, 1_000);
await run("ending", async () => {
  const steps = Array.from({ length: Number(count) }, (_, index) =>
    step(`step ${index}`, () => ({ index, text: `text ${index} `.repeat(100) }), { effect: "read" }),
  );
  await Promise.all(steps);
});
switch (way) {
  case "exit-0":
    process.exit(0);
  case "exit-1":
    process.exit(1);
  case "throws":
    setImmediate(() => {
      throw new Error("nobody catches this");
    });
    break;
  case "rejects":
    void Promise.reject(new Error("nobody handles this"));
    break;
  case "ends":
    clearInterval(alive);
    break;
  default:
    // Waits for a signal.
    console.log("recorded");
}
