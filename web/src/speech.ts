// What a screen reader is told of changes: once the typing rests, and only what is otherwise than it was.

import { byId } from "./dom.ts";
import type { Update } from "./protocol.ts";
import { counted, titled } from "./text.ts";

/** Milliseconds without an update before anything is said. */
const REST = 1200;

let timer = 0;
let closed: string[] = [];
let before = "";

/** Takes an update to be told of. */
export function tell({ audit, queries, changes }: Update): void {
  closed.push(...changes.gaps.closed.map(({ element }) => titled(element)));
  const { documented, required } = audit.score;
  const now = [
    queries.length === 0 ? "No open query." : `${counted(queries.length, "open query", "open queries")}.`,
    audit.flags.length === 0 ? "" : `${counted(audit.flags.length, "flag")}.`,
    required === 0 ? "" : `${documented} of ${required} documented.`,
  ]
    .filter((words) => words !== "")
    .join(" ");
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    const answered = closed.length === 0 ? "" : `No longer missing: ${[...new Set(closed)].join(", ")}. `;
    closed = [];
    if (now !== before) byId("spoken").textContent = answered + now;
    before = now;
  }, REST);
}

/** Says something at once. */
export function say(words: string): void {
  byId("spoken").textContent = words;
}
