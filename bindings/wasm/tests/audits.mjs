// Notes as JSON Lines on standard input, their audits by the package on standard output.

import { readFileSync } from "node:fs";

const { default: init, Engine } = await import(new URL("../../../target/wasm/package/node.js", import.meta.url));
await init();
const engine = new Engine();
for (const line of readFileSync(0, "utf8").trim().split("\n")) {
  const { text, ...known } = JSON.parse(line);
  console.log(JSON.stringify(engine.audit(text, known)));
}
