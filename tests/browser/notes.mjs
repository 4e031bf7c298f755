// Writes the notes that the pages under test are made of, as folders of JSON Lines: node notes.mjs CORPORA FOLDER

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [corpora, folder] = process.argv.slice(2);

const lines = readdirSync(corpora)
  .filter((name) => name.endsWith(".jsonl"))
  .sort()
  .flatMap((name) => readFileSync(join(corpora, name), "utf8").trim().split("\n"));
const notes = lines.map((line) => {
  const { note_id, note_type, text } = JSON.parse(line);
  return { note_id, note_type, text };
});

const two = (n) => String(n).padStart(2, "0");

/** The notes of the corpora as a hospital's warehouse would give them: who, where, when. */
const hospital = notes.map((note, at) => ({
  ...note,
  provider: at % 11 === 0 ? undefined : `Provider ${two(((at * 7) % 29) + 1)}`,
  facility: ["North Campus", "Spine Center", "Ambulatory Surgery, East Wing"][at % 3],
  service_date: `${2023 + Math.floor(at / 144)}-${two((Math.floor(at / 12) % 12) + 1)}-${two((at % 28) + 1)}`,
}));

/** What an attacker or a broken interface could put wherever a page shows what it was given. */
const payloads = [
  "<script>window.pwned = 1</script>",
  "</textarea><img src=x onerror='window.pwned = 2'>",
  "\"><svg onload=window.pwned=3>",
  "</style><style>body{display:none}</style>",
  "javascript:window.pwned=4",
  "<a href=javascript:window.pwned=5>click</a>",
  "</title></head><iframe src='https://example.invalid/'></iframe>",
  "<meta http-equiv=refresh content='0;url=https://example.invalid/'>",
  "<!-- ]]> --> &lt;b&gt; {{ 7 * 7 }}",
  "\u202egnp.exe \u2066\u0000\u0007",
  "=HYPERLINK(\"https://example.invalid/\")",
  "W".repeat(5000),
];
const hostile = payloads.map((payload, at) => ({
  note_id: payload,
  text: `IMPRESSION: ${payload} foraminal stenosis ${payload} at L4-5.\n${payload}`,
  provider: payload,
  facility: payload,
  service_date: `2024-${two(at + 1)}-01`,
}));

const one = [{ note_id: "only", text: "IMPRESSION: Foraminal stenosis at L5-S1." }];

for (const [name, rows] of Object.entries({ hospital, hostile, one, none: [] })) {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, "notes.jsonl"), rows.map((row) => JSON.stringify(row) + "\n").join(""));
}
