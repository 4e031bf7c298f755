// What the note states: its findings, procedures and what else was read, each leading to its words.

import type { Audit, Element, Evidence, Finding } from "../../bindings/wasm/types.ts";
import { byId, type Child, el, refill } from "./dom.ts";
import type { Asked } from "./missing.ts";
import type { Update } from "./protocol.ts";
import { said, titled } from "./text.ts";

type Facts = Pick<Asked, "light" | "select">;

export function showFound({ audit, queries }: Update, facts: Facts): void {
  const findings = audit.findings.map((finding) => {
    const query = queries.find((query) => query.finding === finding.id);
    const cell = (value: string | null, element: Element): Child => {
      if (!audit.gaps.some((gap) => gap.finding === finding.id && gap.element === element)) return value === null ? "" : said(value);
      if (!query?.choices.some((choice) => choice.element === element)) return el("span", { class: "gap" }, "left open");
      const go = (): void => document.querySelector<HTMLElement>(`#ask-${query.id}-${element} button`)?.focus();
      return el("button", { type: "button", class: "gap", "data-key": `${finding.id} ${element}`, "aria-label": `${titled(element)} is missing: to its query`, click: go }, "missing");
    };
    const kind = titled(finding.kind) + (finding.subtype === undefined ? "" : `: ${said(finding.subtype)}`);
    return row(finding.id, finding.evidence, kind, facts, [
      ["Level", cell(finding.level ?? finding.root ?? null, "level")],
      ["Side", cell(finding.side, "laterality")],
      ["Severity", cell(severity(finding), "severity")],
      ["Status", said(finding.status)],
      ["Section", finding.section === "unknown" || finding.section === "other" ? "" : said(finding.section)],
    ]);
  });
  const procedures = audit.procedures.map((procedure) =>
    row(procedure.id, procedure.evidence, titled(procedure.family), facts, [
      ["Level", procedure.level ?? ""],
      ["Side", procedure.side === null ? "" : said(procedure.side)],
      ["Status", said(procedure.status)],
      ["Guidance", procedure.guidance === null ? "" : said(procedure.guidance)],
      ["Given", procedure.drugs.map(({ name, dose_mg }) => said(name) + (dose_mg === null ? "" : ` ${dose_mg} mg`)).join(", ")],
    ]),
  );
  const rest = others(audit);
  refill(
    byId("findings"),
    findings.length > 0 && table("Findings", ["Finding", "Level", "Side", "Severity", "Status", "Section"], findings),
    procedures.length > 0 && table("Procedures", ["Procedure", "Level", "Side", "Status", "Guidance", "Given"], procedures),
    rest.length > 0 && el("dl", {}, ...rest),
    findings.length + procedures.length + rest.length === 0 && el("p", { class: "muted" }, "Nothing that Foramen knows so far."),
  );
}

const severity = (finding: Finding): string | null =>
  finding.severity === null ? (finding.grade?.text ?? null) : said(finding.severity);

function table(title: string, heads: string[], rows: HTMLElement[]): HTMLElement {
  // The roles keep it a table where a narrow window lays it out as a list.
  return el(
    "table",
    { role: "table" },
    el("caption", {}, `${title} (${rows.length})`),
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...heads.map((head) => el("th", { role: "columnheader", scope: "col" }, head)))),
    el("tbody", { role: "rowgroup" }, ...rows),
  );
}

function row(id: string, evidence: Evidence[], name: string, facts: Facts, cells: [string, Child][]): HTMLElement {
  const first = evidence.find(({ role }) => role === "anchor") ?? evidence[0];
  const light = () => facts.light(id);
  const end = () => facts.light("");
  const head = first === undefined ? name : el("button", { type: "button", class: "fact", "data-key": `fact ${id}`, click: () => facts.select(first), focus: light, blur: end }, name);
  return el(
    "tr",
    { role: "row", pointerenter: light, pointerleave: end },
    el("th", { role: "rowheader", scope: "row" }, head),
    ...cells.map(([label, value]) => el("td", { role: "cell", "data-label": label }, value)),
  );
}

function others(audit: Audit): HTMLElement[] {
  const roots = audit.radiculopathies.map(({ root, side, status }) => [side && said(side), root, said(status)].filter(Boolean).join(" "));
  const codes = audit.codes.map(({ code, modifiers }) => [code, ...modifiers].join("-"));
  const facts: [keyof Audit, string | null][] = [
    ["radiculopathies", roots.join(", ") || null],
    ["correlation", audit.correlation && said(audit.correlation.status)],
    ["conservative_care", audit.conservative_care === null ? null : audit.conservative_care ? "documented" : "not documented"],
    ["codes", codes.join(", ") || null],
    ["service_date", audit.service_date && `${audit.service_date.day} (${audit.service_date.origin})`],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [el("div", {}, el("dt", {}, titled(name)), el("dd", {}, value))]));
}
