// What the page reckons with texts and places.

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const src = join(dirname(fileURLToPath(import.meta.url)), "../src");
const contents = 'export * from "./text.ts"; export * from "./marks.ts";';
const { outputFiles } = await build({ stdin: { contents, resolveDir: src }, bundle: true, format: "esm", write: false });
const { difference, marks, said, shifted, titled } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);

/** Numbers that are the same in each run. */
let seed = 1;
const below = (most) => (seed = (seed * 48271) % 0x7fffffff) % most;
const letters = ["a", "b", "\n", "🦴", "🦷", "é"];
const word = (most) => Array.from({ length: below(most) }, () => letters[below(letters.length)]).join("");

test("the difference of two texts makes one of the other, and cuts no pair in two", () => {
  for (let run = 0; run < 5000; run += 1) {
    const [before, after] = [word(12), word(12)];
    const edit = difference(before, after);
    if (before === after) {
      assert.equal(edit, null);
      continue;
    }
    assert.equal(before.slice(0, edit.start) + edit.text + before.slice(edit.end), after);
    for (const part of [before.slice(0, edit.start), before.slice(edit.start, edit.end), before.slice(edit.end), edit.text]) {
      assert.ok(!/\p{Surrogate}/u.test(part), JSON.stringify([before, after, edit]));
    }
  }
  assert.deepEqual(difference("left", "left side"), { start: 4, end: 4, text: " side" });
});

const empty = { findings: [], procedures: [], radiculopathies: [], correlation: null, codes: [], encounter: null, flags: [] };

test("marks follow each other, and the shortest words give the role", () => {
  for (let run = 0; run < 500; run += 1) {
    const evidence = Array.from({ length: below(8) }, (_, at) => {
      const start = below(40);
      return { role: `r${at}`, start, end: start + below(12) };
    });
    const found = marks({ audit: { ...empty, findings: [{ id: "f1", evidence }] }, queries: [] }, 45);
    found.reduce((end, mark) => {
      assert.ok(end <= mark.start && mark.start < mark.end && mark.end <= 45);
      return mark.end;
    }, 0);
    const kept = evidence.filter(({ start, end }) => start < end && end <= 45);
    for (let at = 0; at < 45; at += 1) {
      const over = kept.filter(({ start, end }) => start <= at && at < end);
      const mark = found.find(({ start, end }) => start <= at && at < end);
      assert.equal(mark !== undefined, over.length > 0);
      if (mark) {
        const shortest = Math.min(...over.map(({ start, end }) => end - start));
        assert.ok(over.some(({ role, start, end }) => role === mark.role && end - start === shortest));
      }
    }
  }
});

test("marks keep their words when others are edited", () => {
  const all = [{ start: 2, end: 5 }, { start: 8, end: 9 }];
  assert.deepEqual(shifted(all, { start: 5, end: 7, text: "" }), [{ start: 2, end: 5 }, { start: 6, end: 7 }]);
  assert.deepEqual(shifted(all, { start: 0, end: 0, text: "abc" }), [{ start: 5, end: 8 }, { start: 11, end: 12 }]);
  assert.deepEqual(shifted(all, { start: 3, end: 3, text: "x" }), [{ start: 9, end: 10 }]);
});

test("names are said as people say them", () => {
  assert.equal(titled("transforaminal_esi"), "Transforaminal ESI");
  assert.equal(titled("si_joint_injection"), "SI joint injection");
  assert.equal(said("mild_to_moderate"), "mild to moderate");
});
