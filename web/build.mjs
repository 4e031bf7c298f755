// Puts the page together in dist: node build.mjs [FOLDER]

import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const folder = resolve(process.argv[2] ?? join(here, "dist"));

/** Notes of the corpora to start from: a draft, a report that leaves things out, one that contradicts itself, an injection with
 * its codes, a letter, a line. */
const SAMPLES = ["sty-28", "img-22", "sty-03", "prc-02", "cln-04", "img-37"];

function data() {
  const types = readFileSync(join(root, "bindings/wasm/types.ts"), "utf8");
  const values = (name) => JSON.parse(`[${new RegExp(`^export type ${name} = (.*);$`, "m").exec(types)[1].replaceAll(" | ", ",")}]`);
  const notes = readdirSync(join(root, "corpora"))
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(root, "corpora", name), "utf8").trim().split("\n"))
    .map((line) => JSON.parse(line));
  const samples = SAMPLES.map((id) => {
    const { title, note_type, text } = notes.find(({ note_id }) => note_id === id);
    return { title, note_type, text };
  });
  return { noteTypes: values("NoteType"), settings: values("Setting"), payers: values("Payer"), samples };
}

const plugin = {
  name: "data",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^foramen:data$/ }, ({ path }) => ({ path, namespace: "data" }));
    onLoad({ filter: /.*/, namespace: "data" }, () => ({
      contents: Object.entries(data()).map(([name, value]) => `export const ${name} = ${JSON.stringify(value, null, 2)};\n`).join(""),
      loader: "js",
    }));
  },
};

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
await build({
  entryPoints: [join(here, "src/page.ts"), join(here, "src/worker.ts")],
  absWorkingDir: here,
  outdir: folder,
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  logLevel: "warning",
  plugins: [plugin],
});
for (const name of ["index.html", "page.css", "icon.svg"]) cpSync(join(here, "src", name), join(folder, name));
