// The rule behind a query or flag, in a dialog that an address can name: `#NF003` opens it.

import type { Example } from "../../bindings/wasm/types.ts";
import { byId, el } from "./dom.ts";
import type { Pack, Rule } from "./protocol.ts";
import { said, titled } from "./text.ts";

let packs: Pack[] = [];

/** A link that opens a rule. */
export const ruleLink = (code: string): HTMLAnchorElement =>
  el("a", { href: `#${code}`, class: "code", "aria-label": `Rule ${code}`, "data-key": `rule ${code}` }, code);

/** Takes the rules, and opens what the address names, now and whenever it changes. */
export function showRules(all: Pack[]): void {
  packs = all;
  window.onhashchange = open;
  open();
}

function open(): void {
  const code = decodeURIComponent(location.hash.slice(1));
  const pack = packs.find(({ rules }) => rules.some((rule) => rule.code === code));
  const rule = pack?.rules.find((rule) => rule.code === code);
  if (pack === undefined || rule === undefined) return;
  const dialog = byId<HTMLDialogElement>("rule");
  dialog.replaceChildren(...page(rule, pack));
  dialog.onclose = () => history.replaceState(null, "", location.pathname + location.search);
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  if (!dialog.open) dialog.showModal();
}

function page(rule: Rule, pack: Pack): HTMLElement[] {
  const days = [rule.effective_from && `from ${rule.effective_from}`, rule.effective_to && `to ${rule.effective_to}`];
  const close = el("form", { method: "dialog" }, el("button", { class: "quiet" }, "Close"));
  return [
    el("div", { class: "bar" }, el("p", { class: "small" }, `${pack.title} · ${rule.code} · ${said(rule.level)}`), close),
    el("h2", { id: "rule-title" }, rule.title),
    el("p", {}, rule.summary),
    el("h3", {}, "Why"),
    el("p", {}, rule.why),
    ...(rule.correction == null ? [] : [el("h3", {}, "Often said otherwise"), el("p", {}, rule.correction)]),
    ...(days.some(Boolean) ? [el("p", { class: "small" }, `For services ${days.filter(Boolean).join(" ")}`)] : []),
    el("h3", {}, rule.sources.length === 1 ? "Source" : "Sources"),
    el("ul", {}, ...rule.sources.map((source) => el("li", {}, source))),
    ...(rule.bad === undefined ? [] : [el("h3", {}, "A note that breaks it"), example(rule.bad)]),
    ...(rule.good === undefined ? [] : [el("h3", {}, "A note that keeps it"), example(rule.good)]),
    ...(rule.page === undefined ? [] : [el("p", {}, el("a", { href: rule.page, target: "_blank", rel: "noopener" }, "The whole page of this rule, with examples (in a new tab)"))]),
  ];
}

function example({ note, note_type, service_date, setting, payer }: Example): HTMLElement {
  const known = [note_type, service_date, setting, payer].filter((value) => value !== null).map(titled);
  return el("figure", {}, el("blockquote", {}, note.trim()), el("figcaption", { class: "small" }, known.join(" · ")));
}
