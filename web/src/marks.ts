// Which stretches of the note are evidence, and of what.

import type { Evidence, Words } from "../../bindings/wasm/types.ts";
import type { Edit, Update } from "./protocol.ts";

/** A stretch of the note that nothing parts: the role of its words, the facts that they prove, what is wrong there. */
export interface Mark {
  start: number;
  end: number;
  role: string;
  facts: string[];
  asked: boolean;
  flagged: boolean;
}

type Place = { start: number; end: number; role: string; fact: string; asked: boolean; flagged: boolean };

/** Every place of an update, each with its role. */
function* places({ audit, queries }: Update): Generator<Place> {
  const plain = { asked: false, flagged: false };
  const evidence = function* (list: Evidence[], fact: string, more: Partial<Place> = {}): Generator<Place> {
    for (const { start, end, role } of list) yield { start, end, role, fact, ...plain, ...more };
  };
  const words = (at: Pick<Words, "start" | "end">, role: string): Place => ({ start: at.start, end: at.end, role, fact: "", ...plain });
  for (const finding of audit.findings) {
    yield* evidence(finding.evidence, finding.id);
    if (finding.grade) yield { ...words(finding.grade, "severity"), fact: finding.id };
  }
  for (const procedure of audit.procedures) yield* evidence(procedure.evidence, procedure.id);
  for (const [at, found] of audit.radiculopathies.entries()) yield* evidence(found.evidence, `r${at + 1}`);
  if (audit.correlation) yield* evidence(audit.correlation.evidence, "correlation");
  for (const code of audit.codes) yield words(code, "code");
  for (const value of Object.values(audit.encounter ?? {}).flat()) {
    if (value !== null && typeof value === "object") yield words(value, "detail");
  }
  for (const query of queries) {
    const anchors = query.evidence.filter(({ role }) => role === "anchor");
    yield* evidence(anchors, query.id, { asked: true });
  }
  for (const [at, flag] of audit.flags.entries()) yield* evidence(flag.evidence, `flag${at + 1}`, { flagged: true });
}

/** The marks of an update, in the order of the note, none over another: where places overlap, the shortest gives the role. */
export function marks(update: Update, length: number): Mark[] {
  const all = [...places(update)].filter(({ start, end }) => start < end && end <= length);
  all.sort((a, b) => a.start - b.start || a.end - b.end);
  const cuts = [...new Set(all.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const found: Mark[] = [];
  let open: Place[] = [];
  let next = 0;
  for (const [at, start] of cuts.entries()) {
    open = open.filter((place) => place.end > start);
    for (let place = all[next]; place !== undefined && place.start === start; place = all[next]) {
      open.push(place);
      next += 1;
    }
    const end = cuts[at + 1];
    if (end === undefined || open.length === 0) continue;
    const shortest = open.reduce((best, place) => (place.end - place.start < best.end - best.start ? place : best));
    found.push({
      start,
      end,
      role: shortest.role,
      facts: [...new Set(open.map(({ fact }) => fact).filter((fact) => fact !== ""))],
      asked: open.some(({ asked }) => asked),
      flagged: open.some(({ flagged }) => flagged),
    });
  }
  return found;
}

/** Where marks stand after an edit, until the engine has read it: those that it touches are gone. */
export function shifted(marks: Mark[], { start, end, text }: Edit): Mark[] {
  const by = text.length - (end - start);
  return marks.flatMap((mark) => {
    if (mark.end <= start) return [mark];
    if (mark.start >= end) return [{ ...mark, start: mark.start + by, end: mark.end + by }];
    return [];
  });
}
