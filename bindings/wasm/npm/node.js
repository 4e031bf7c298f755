// Node reads the module from disk, where browsers fetch it; all else is the same.

import { readFile } from "node:fs/promises";
import init from "./foramen.js";

export * from "./foramen.js";

export default function load(source = { module_or_path: readFile(new URL("foramen_bg.wasm", import.meta.url)) }) {
  return init(source);
}
