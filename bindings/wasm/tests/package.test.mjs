// The package in Node: the facts are the command's, the types are those of the facts. FORAMEN is the command.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const built = join(root, "target/wasm/package");
const { default: init, Engine } = await import(join(built, "node.js"));
await init();
const engine = new Engine();

const lines = (text) => text.trim().split("\n").map((line) => JSON.parse(line));
const corpora = readdirSync(join(root, "corpora")).filter((name) => name.endsWith(".jsonl")).sort();
const notes = corpora.flatMap((name) => lines(readFileSync(join(root, "corpora", name), "utf8")));
const audited = ({ text, note_id, note_type }) => engine.audit(text, { note_id, note_type });

/** The same value with its places, in bytes of `text`, counted in UTF-16 units. */
function recounted(value, text) {
  const bytes = Buffer.from(text);
  const unit = (byte) => bytes.subarray(0, byte).toString().length;
  return JSON.parse(JSON.stringify(value), (key, found) => (key === "start" || key === "end" ? unit(found) : found));
}

test("every note of the corpora gives what the command gives", () => {
  const options = { encoding: "utf8", maxBuffer: 1 << 28, cwd: tmpdir() };
  const extracted = lines(execFileSync(process.env.FORAMEN, ["extract", join(root, "corpora")], options));
  assert.equal(extracted.length, notes.length);
  const byId = new Map(extracted.map((audit) => [audit.note_id, audit]));
  for (const note of notes) {
    assert.deepEqual(audited(note), recounted(byId.get(note.note_id), note.text), note.note_id);
  }
});

test("every place cuts its words out of the note", () => {
  const odd = { note_id: "odd", text: "🦴 ≥ 3 mm\u00a0– “L4‑5”: modérate left foraminal stenosis 𝒳; severe right foraminal stenosis." };
  for (const note of [odd, ...notes]) {
    JSON.stringify(audited(note), (_, found) => {
      if (found?.text !== undefined && found.start !== undefined) {
        assert.equal(note.text.slice(found.start, found.end), found.text, note.note_id);
      }
      return found;
    });
  }
  assert.ok(audited(odd).findings.length > 0);
});

test("the types are those of the facts, and let no key out or in", () => {
  const folder = mkdtempSync(join(tmpdir(), "foramen-types-"));
  try {
    const all = [...notes.map(audited), engine.audit("L4-5 foraminal stenosis.", { ignore: [{ rule: "NF002", reason: "" }] })];
    const updates = notes.slice(0, 60).map(({ text }) => {
      const session = engine.session();
      session.push(text);
      const { queries: [query] } = session.audit();
      if (query) session.apply(query.id, query.choices[0].element, "other");
      session.push(" Foraminal stenosis at C5-6.");
      return session.audit();
    });
    const text = `import { Engine, type Audit, type Pack, type Update } from ${JSON.stringify(join(built, "foramen.js"))};
      export const audits: Audit[] = ${JSON.stringify(all)};
      export const updates: Update[] = ${JSON.stringify(updates)};
      export const packs: Pack[] = ${JSON.stringify(engine.rules())};
      const engine = new Engine({ packs: ["neuroforamen"], payer: "medicare" });
      const audit: Audit = engine.audit("", { note_type: "clinic", setting: "asc" });
      // @ts-expect-error there is no such type of note
      engine.audit("", { note_type: "letter" });
      // @ts-expect-error there is no such key
      engine.audit("", { patient: "" });
      audit.score.percent satisfies number | null;`;
    writeFileSync(join(folder, "facts.mts"), text);
    const tsc = join(root, "bindings/wasm/node_modules/.bin/tsc");
    const flags = ["--noEmit", "--strict", "--target", "es2022", "--lib", "esnext,dom", "--module", "nodenext", "--skipLibCheck", "false"];
    try {
      execFileSync(tsc, [...flags, join(folder, "facts.mts")], { encoding: "utf8" });
    } catch (error) {
      assert.fail(error.stdout.slice(0, 4000));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("what is wrong is an Error that repeats nothing", () => {
  const secret = "Zebedee has stenosis";
  const round = { note_id: secret };
  round.round = round;
  const wrong = [
    () => engine.audit("", secret),
    () => engine.audit("", { note_type: secret }),
    () => engine.audit("", { [secret]: 1 }),
    () => engine.audit("", () => secret),
    () => engine.audit("", round),
    () => new Engine({ payer: secret }),
    () => new Engine({ lexicons: secret }),
  ];
  for (const call of wrong) {
    assert.throws(call, (error) => error instanceof Error && error.message.includes(":") && !error.message.includes(secret));
  }
  assert.throws(() => engine.audit("", round), /cannot be written as JSON/);
  assert.throws(() => new Engine({ packs: ["none"] }), /no pack `none`: there are neuroforamen/);
});

test("any string is a note", () => {
  for (const text of ["", "\ud800 L4-5 foraminal stenosis \udc00", "\0", "L4-5 stenosis ".repeat(20_000)]) {
    assert.equal(engine.audit(text).schema, "foramen.audit/1");
  }
  const [{ evidence }] = engine.audit("\ud83e L4-5 foraminal stenosis").findings;
  assert.equal(evidence[0].start, 2);
});

test("a session that is edited gives what a fresh audit gives", () => {
  const session = engine.session({ note_id: "draft", note_type: "radiology" });
  for (const { text } of notes.slice(0, 40)) {
    const at = session.text.length >> 1;
    session.edit(0, at, "");
    session.push(text);
    session.edit(session.text.length - 1, session.text.length, "🦴.");
    assert.deepEqual(session.audit().audit, engine.audit(session.text, { note_id: "draft", note_type: "radiology" }));
  }
});

test("an answer is an edit in units of the text", () => {
  const session = engine.session({ note_type: "radiology" });
  let text = "🦴 IMPRESSION: Foraminal stenosis at L4-L5.";
  session.push(text);
  for (const [element, option] of [["laterality", "left"], ["severity", "moderate"]]) {
    const query = session.audit().queries.find(({ choices }) => choices.some((choice) => choice.element === element));
    const edit = session.apply(query.id, element, option);
    text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
    session.edit(edit.start, edit.end, edit.text);
    assert.equal(session.text, text);
    assert.deepEqual(session.audit().changes.gaps.closed.map((gap) => gap.element), [element]);
  }
  assert.match(text, /moderate left foraminal stenosis/i);
  assert.equal(engine.audit(text).score.percent, 100);
});

test("it runs in a worker", async () => {
  const code = `import(${JSON.stringify(pathToFileURL(join(built, "node.js")).href)}).then(async ({ default: init, Engine }) => {
    await init();
    const { level } = new Engine().audit("L4-5: mild left foraminal stenosis.").findings[0];
    require("node:worker_threads").parentPort.postMessage(level);
  });`;
  const worker = new Worker(code, { eval: true });
  const level = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  assert.equal(level, "L4-L5");
  await worker.terminate();
});
