// What the marks in the note stand for: those that are there.

import type { Role } from "../../bindings/wasm/types.ts";
import { byId, el, refill } from "./dom.ts";

/** Kinds of marks, each with the roles that share its colour. `detail` and `code` are the page's own. */
const KINDS: [string, (Role | "detail" | "code")[]][] = [
  ["What is found", ["anchor", "structure"]],
  ["Where", ["level", "root"]],
  ["Side", ["side"]],
  ["Degree", ["severity"]],
  ["Denied, hedged, past", ["cue"]],
  ["What bears on it", ["symptom", "imaging", "link", "treatment"]],
  ["Details and codes", ["detail", "code"]],
];

/** Tells of every kind of mark in the note. */
export function legend(): void {
  const marks = [...byId("mirror").querySelectorAll<HTMLElement>("mark")];
  const roles = new Set(marks.map((mark) => mark.dataset["role"]));
  const there = KINDS.filter(([, of]) => of.some((role) => roles.has(role)));
  const items = there.map(([label, [role]]) => el("li", {}, el("mark", { "data-role": role ?? "" }, label)));
  for (const [name, label] of [["asked", "Asked about"], ["flagged", "Flagged"]] as const) {
    if (marks.some((mark) => mark.classList.contains(name))) items.push(el("li", {}, el("mark", { class: name }, label)));
  }
  refill(byId("legend"), ...items);
}
