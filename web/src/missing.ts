// What is missing: the score, the open queries with their answers, and the flags.

import type { Choice, Element, Flag, Query } from "../../bindings/wasm/types.ts";
import { byId, el, refill } from "./dom.ts";
import type { Update } from "./protocol.ts";
import { ruleLink } from "./rule.ts";
import { counted, said, titled } from "./text.ts";

export interface Asked {
  /** An answer was chosen. */
  answer(query: string, element: Element, option: string): void;
  /** The words of a fact are pointed at; the empty name ends it. */
  light(fact: string): void;
  /** The words of a place are to be seen. */
  select(place: { start: number; end: number }): void;
}

/** Most pips that are drawn one by one. */
const PIPS = 40;

export function showMissing(update: Update, asked: Asked): void {
  const { audit, queries } = update;
  score(update);
  const open = el("h3", {}, queries.length === 0 ? "No open query" : counted(queries.length, "open query", "open queries"));
  refill(byId("queries"), ...(audit.score.required === 0 && queries.length === 0 ? [] : [open]), ...queries.map((query) => card(query, update, asked)));
  const flags = audit.flags.map((flag, at) => flagged(flag, `flag${at + 1}`, asked));
  refill(byId("flags"), flags.length > 0 && el("h3", {}, counted(flags.length, "flag")), flags.length > 0 && el("ul", {}, ...flags));
}

function score({ audit, left_open }: Update): void {
  const { documented, required, percent } = audit.score;
  if (required === 0) {
    return refill(byId("score"), el("p", { class: "muted" }, "Nothing is required of this note so far."));
  }
  const pips = el("span", { class: "pips", "aria-hidden": "true" });
  const drawn = Math.min(required, PIPS);
  for (let at = 0; at < drawn; at += 1) pips.append(el("span", { class: at < Math.round((documented / required) * drawn) ? "full" : null }));
  refill(
    byId("score"),
    el("p", { class: "figure" }, el("strong", {}, `${percent ?? 0} %`), ` ${documented} of ${required} required elements documented`),
    pips,
    left_open.length > 0 && el("p", { class: "small" }, `${counted(left_open.length, "question")} answered without words for the note, and not asked again.`),
  );
}

/** What a query is about, as a title. */
function subject(query: Query, { audit }: Update): string {
  const finding = audit.findings.find(({ id }) => id === query.finding);
  if (finding !== undefined) return [titled(finding.kind), finding.level, finding.side && said(finding.side)].filter(Boolean).join(" · ");
  const procedure = audit.procedures.find(({ id }) => id === query.procedure);
  if (procedure !== undefined) return [titled(procedure.family), procedure.level, procedure.side && said(procedure.side)].filter(Boolean).join(" · ");
  return "The note as a whole";
}

function card(query: Query, update: Update, asked: Asked): HTMLElement {
  const first = query.evidence.find(({ role }) => role === "anchor") ?? query.evidence[0];
  const title = subject(query, update);
  return el(
    "article",
    { "aria-labelledby": `${query.id}-title`, pointerenter: () => asked.light(query.finding ?? query.procedure ?? query.id), pointerleave: () => asked.light("") },
    el(
      "div",
      { class: "bar" },
      el("h4", { id: `${query.id}-title` }, title),
      first !== undefined && el("button", { type: "button", class: "quiet", "data-key": `show ${query.id}`, "aria-label": `Show the words: ${title}`, click: () => asked.select(first) }, "Show"),
    ),
    el("p", {}, query.text),
    ...query.choices.map((choice) => choices(query, choice, asked)),
  );
}

function choices(query: Query, { element, rule, options }: Choice, asked: Asked): HTMLElement {
  const buttons = options.map((option) =>
    el("button", { type: "button", "data-query": query.id, "data-key": `${query.id} ${element} ${option}`, click: () => asked.answer(query.id, element, option) }, option),
  );
  const legend = el("legend", {}, titled(element), " ", rule !== null && ruleLink(rule));
  return el("fieldset", { id: `ask-${query.id}-${element}` }, legend, el("div", { class: "options" }, ...buttons));
}

function flagged(flag: Flag, id: string, asked: Asked): HTMLElement {
  const first = flag.evidence[0];
  return el(
    "li",
    { "data-level": flag.severity, pointerenter: () => asked.light(id), pointerleave: () => asked.light("") },
    el("p", {}, el("strong", {}, titled(flag.severity)), " ", flag.message),
    el("p", { class: "small" }, ruleLink(flag.rule), " ", first !== undefined && el("button", { type: "button", class: "quiet", "data-key": `show ${id}`, "aria-label": `Show the words: ${flag.message}`, click: () => asked.select(first) }, "Show")),
  );
}
