// data:foramen:data
var noteTypes = [
  "radiology",
  "procedure",
  "operative",
  "clinic",
  "other"
];
var settings = [
  "professional",
  "asc",
  "hopd"
];
var payers = [
  "medicare",
  "commercial"
];
var samples = [
  {
    "title": "Scribe half-finished draft, lumbar",
    "note_type": "clinic",
    "text": '*** DRAFT - scribe, not reviewed by provider ***\n\nPt is a [AGE] y.o. [SEX] presenting today for f/u of ***. Accompanied by wife, who helps with hx.\n\nStates L leg "electric", hip to the top of the foot, x ___ months. No R sided sx. Denies b/b. Tried ibuprofen -> stomach. Tried a chiropractor x6 visits. gabapentin - (dose?)  \n\nImaging reviewed by Dr in room, he said:\n  - "L4-5 bulge, tight foramen on the left, right one ok"\n  - "5-1 fine, no stenosis there"\n  - canal narrowing "not bad, mild at 3-4"\n  (scribe note: report not in chart, CD only)\n\nPE:  [use normal lumbar template]  exc. L EHL weak, ? grade\n\nA/P\n1) L5 radic L, from the foramen narrowing at L4-5 per provider\n2) Plan L L5 TFESI - scheduler to call. [ ] sedation? [ ] blood thinner?\n3) ***'
  },
  {
    "title": "CT lumbar spine, lists of levels",
    "note_type": "radiology",
    "text": "CT of the lumbar spine, thin sections with reformats. Claudication; cochlear implant, MR unsafe.\n\nThe bones are osteopenic with a chronic 30% wedge of T12.\n\nFacet arthropathy is moderate and bilateral at L2-L3, L3-L4, L4-L5 and L5-S1. Disc bulges are present from L2-L3 to L4-L5. The neural foramina are narrowed at L3-L4 and L4-L5 on the right and at L5-S1 on both sides, all mild except at L4-L5, which is severe. Central canal stenosis: severe at L4-L5, moderate at L3-L4, mild at L2-L3. The central canal is normal at L1-L2 and L5-S1, and the foramina at L1-L2 and L2-L3 are patent.\n\nAortic wall calcification, gallstones, colonic diverticulosis without inflammation. A Foley catheter is present."
  },
  {
    "title": "PowerScribe cervical MRI, fields with trailing macros",
    "note_type": "radiology",
    "text": "MRI CERVICAL SPINE WO\n\n[<Reason for exam>: neck pain radiating to the left shoulder blade]\n[<Sedation>: none]  [<Quality>: mild swallowing artifact]\n\nVertebral bodies: {normal height}. Cord: {normal signal}. Posterior fossa: {normal}.\n\nC2/3: {normal}\nC3/4: {small DOC}. Canal {patent}. RNF {mild stenosis}, LNF {patent}.\nC4/5: {left central protrusion, contacts but does not deform the cord}. Canal {mild stenosis}. RNF {patent}, LNF {mild stenosis}. Facet OA {left, mild}.\nC5/6: {DOC, left eccentric}. Canal {moderate stenosis}. RNF {moderate stenosis}, LNF {severe stenosis}. Facet OA {none}.\nC6/7: {DOC}. Canal {mild stenosis}. RNF {mild stenosis}, LNF {moderate to severe stenosis}.\nC7/T1: {no disc herniation}. Canal {patent}. RNF {patent}, LNF {patent}. Facet OA {bilateral, moderate}.\n\nIMPRESSION: {Multilevel spondylosis.} {Left C5/6 and C6/7 neural foraminal stenosis, severe and moderate to severe; correlate for left C6 and C7 radiculopathies.} {No cord signal abnormality.}\n\n[RNF/LNF = right/left neural foramen. DOC = disc osteophyte complex.]"
  },
  {
    "title": "Lumbar ILESI, ASC with billing lines",
    "note_type": "procedure",
    "text": "RIVERBEND SURGERY CENTER          PROCEDURE REPORT          PAGE 1 OF 1\n\nPRE-OP DX   : Lumbar spinal stenosis with neurogenic claudication\nPOST-OP DX  : Same\nPROCEDURE   : Interlaminar lumbar epidural steroid injection L3-4 under fluoroscopy\nSURGEON     : on file        ANESTH: local, no sedation\n\n79 yo lady, leaning on the cart to walk a block. Trialed Tylenol, duloxetine, land and pool therapy. Had the same L3-4 interlaminar shot in January; 70 pct better till April.\nMRI LS spine: L3-4 severe central stenosis, L4-5 moderate central stenosis. Foraminal narrowing mild bilaterally at both levels. \n\nRisks incl but not limited to bleeding, infection, headache, failure to help were gone over. Pt signed.\n\nProne, pillow under belly. Betadine x3. 18G Tuohy, loss of resistance to air at 6 cm through the L3-4 window, midline. Isovue M200 2 cc: spread L2 to L4 both sides. Then Kenalog 80 mg + 4 cc PF saline. Stylet back, needle out, bandaid. No heme no CSF. Stable to recovery.\n\nCHARGES\n62323          x1      ICD10 M48.062\nJ3301          x8 units (80 mg)\nQ9966          x2      \nJW wastage     none documented\nModifier       none"
  },
  {
    "title": "Physiatry with electrodiagnostics, discordant imaging",
    "note_type": "clinic",
    "text": 'PM&R / EDX visit\n\nSixty-one year old retired bus driver, sent by orthopaedics for electrodiagnostic testing of a right foot drop. He noticed it six weeks ago, on the way home from a long hospital stay for pneumonia during which he lost 30 lb and mostly sat with his legs crossed. There is no back pain and nothing painful in the leg. He has had no treatment for it yet. Diabetes: no. Alcohol: two beers a week.\n\nExam. Steppage on the right. Right ankle dorsiflexion 3/5, toe extension 3/5, eversion 3/5; inversion 5/5, hip abduction 5/5, knee extension 5/5. Left side 5/5. Touch is reduced over the dorsum of the right foot and nowhere else. Tinel over the fibular neck. Ankle jerks symmetrical.\n\nNCS/EMG. Right peroneal motor study shows conduction block across the fibular head, 62% amplitude drop. Superficial peroneal sensory response is small. Needle: fibrillations 2+ in tibialis anterior and peroneus longus, none in tibialis posterior, tensor fasciae latae, gluteus medius or the lumbar paraspinals.\n\nThe lumbar MRI (report only, two weeks old) gives: "Moderate LEFT foraminal stenosis at L4-5. Mild disc bulge L5-S1, canal patent. Facet joints unremarkable throughout. At no level is there right-sided nerve root impingement."\n\nImpression\n1. Right common peroneal neuropathy at the fibular head, axonal loss plus block.\n2. No electrodiagnostic evidence of right L5 radiculopathy.\n3. The changes on the MRI are on the other side and do not explain the foot drop.\n\nPlan: AFO, pad for the knee, stop crossing legs, repeat study in three months. I see no role for an epidural. Copy to orthopaedics.'
  },
  {
    "title": "MRI lumbar spine, vague one-liner",
    "note_type": "radiology",
    "text": "LS spine MRI (outside, film not available): degenerative disc disease, foraminal stenosis present, some canal narrowing, no fracture"
  }
];

// src/dom.ts
function el(tag, set = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(set)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== null && value !== false) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== false));
  return made;
}
function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}
function refill(parent, ...children) {
  const active = parent.contains(document.activeElement) ? document.activeElement.dataset["key"] : void 0;
  parent.replaceChildren(...children.filter((child) => child !== null && child !== false));
  if (active === void 0) return;
  const again = [...parent.querySelectorAll("[data-key]")].find((element) => element.dataset["key"] === active);
  again?.focus({ preventScroll: true });
}

// src/text.ts
var SHORT = /\b(asc|ct|esi|hopd|si)\b/g;
var said = (name) => name.replaceAll("_", " ").replace(SHORT, (short) => short.toUpperCase());
var titled = (name) => said(name).replace(/^./, (first) => first.toUpperCase());
var counted = (count, noun, nouns = `${noun}s`) => `${count} ${count === 1 ? noun : nouns}`;
var isHigh = (unit) => (unit & 64512) === 55296;
var isLow = (unit) => (unit & 64512) === 56320;
function difference(before2, after) {
  if (before2 === after) return null;
  const most = Math.min(before2.length, after.length);
  let start = 0;
  while (start < most && before2.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  let tail = 0;
  while (tail < most - start && before2.charCodeAt(before2.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) {
    tail += 1;
  }
  if (start > 0 && isHigh(before2.charCodeAt(start - 1))) start -= 1;
  if (tail > 0 && isLow(before2.charCodeAt(before2.length - tail))) tail -= 1;
  return { start, end: before2.length - tail, text: after.slice(start, after.length - tail) };
}

// src/context.ts
var choose = (id, none, names) => el("select", { id }, el("option", { value: "" }, none), ...names.map((name) => el("option", { value: name }, titled(name))));
var UNREAD = "Read from the text";
var type = choose("note-type", UNREAD, noteTypes);
var day = el("input", { id: "service-date", type: "date" });
var setting = choose("setting", "Not known", settings);
var payer = choose("payer", "Not known", payers);
function showContext(changed) {
  const field = (label, input) => el("p", {}, el("label", { for: input.id }, label), input);
  const more = el(
    "details",
    {},
    el("summary", {}, "Service"),
    el("div", { class: "fields" }, field("Day of service", day), field("Who bills", setting), field("Who pays", payer))
  );
  byId("context").replaceChildren(el("p", {}, el("label", { for: type.id }, "Type "), type), more);
  for (const input of [type, day, setting, payer]) input.addEventListener("change", changed);
}
function context() {
  const given = { note_type: type.value, service_date: day.value, setting: setting.value, payer: payer.value };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
}
function forget(noteType) {
  type.value = noteType;
  for (const input of [day, setting, payer]) input.value = "";
}
function readAs(noteType) {
  const first = type.options[0];
  if (first !== void 0) first.textContent = noteType === null ? UNREAD : `As read: ${said(noteType)}`;
}

// src/marks.ts
function* places({ audit, queries }) {
  const plain = { asked: false, flagged: false };
  const evidence = function* (list, fact, more = {}) {
    for (const { start, end, role } of list) yield { start, end, role, fact, ...plain, ...more };
  };
  const words = (at, role) => ({ start: at.start, end: at.end, role, fact: "", ...plain });
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
  for (const query2 of queries) {
    const anchors = query2.evidence.filter(({ role }) => role === "anchor");
    yield* evidence(anchors, query2.id, { asked: true });
  }
  for (const [at, flag] of audit.flags.entries()) yield* evidence(flag.evidence, `flag${at + 1}`, { flagged: true });
}
function marks(update, length) {
  const all = [...places(update)].filter(({ start, end }) => start < end && end <= length);
  all.sort((a, b) => a.start - b.start || a.end - b.end);
  const cuts = [...new Set(all.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const found = [];
  let open2 = [];
  let next = 0;
  for (const [at, start] of cuts.entries()) {
    open2 = open2.filter((place) => place.end > start);
    for (let place = all[next]; place !== void 0 && place.start === start; place = all[next]) {
      open2.push(place);
      next += 1;
    }
    const end = cuts[at + 1];
    if (end === void 0 || open2.length === 0) continue;
    const shortest = open2.reduce((best, place) => place.end - place.start < best.end - best.start ? place : best);
    found.push({
      start,
      end,
      role: shortest.role,
      facts: [...new Set(open2.map(({ fact }) => fact).filter((fact) => fact !== ""))],
      asked: open2.some(({ asked: asked2 }) => asked2),
      flagged: open2.some(({ flagged: flagged2 }) => flagged2)
    });
  }
  return found;
}
function shifted(marks2, { start, end, text }) {
  const by = text.length - (end - start);
  return marks2.flatMap((mark) => {
    if (mark.end <= start) return [mark];
    if (mark.start >= end) return [{ ...mark, start: mark.start + by, end: mark.end + by }];
    return [];
  });
}

// src/editor.ts
var Editor = class {
  #area;
  #mirror;
  #text = "";
  #marks = [];
  #pieces = [];
  #active = "";
  constructor(area, mirror, edited) {
    this.#area = area;
    this.#mirror = mirror;
    area.addEventListener("input", () => {
      const edit = difference(this.#text, area.value);
      if (edit === null) return;
      this.#text = area.value;
      this.#marks = shifted(this.#marks, edit);
      this.#draw();
      edited(this.#text);
    });
    this.#draw();
  }
  get text() {
    return this.#text;
  }
  focus() {
    this.#area.focus();
  }
  /** Marks evidence. */
  mark(marks2) {
    this.#marks = marks2;
    this.#draw();
  }
  /** Puts words into the text as if they were typed: undo takes them back. */
  write({ start, end, text }) {
    this.#area.focus({ preventScroll: true });
    this.#area.setSelectionRange(start, end);
    const isDone = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
    if (isDone) return;
    this.#area.setRangeText(text, start, end, "end");
    this.#area.dispatchEvent(new InputEvent("input"));
  }
  /** Puts another text in place of the whole. */
  replace(text) {
    this.write({ start: 0, end: this.#text.length, text });
    this.#area.setSelectionRange(0, 0);
    this.#area.scrollIntoView({ block: "nearest" });
    this.#area.parentElement?.parentElement?.scrollTo(0, 0);
  }
  undo() {
    this.#area.focus();
    document.execCommand("undo");
  }
  /** Selects words, and brings them into view. */
  select({ start, end }) {
    this.#area.focus({ preventScroll: true });
    this.#area.setSelectionRange(start, end);
    const piece = this.#pieces.find(({ mark }) => mark.start <= start && start < mark.end) ?? this.#pieces[0];
    piece?.element.scrollIntoView({ block: "center" });
  }
  /** Shows the words of one fact above all others; the empty name shows none. */
  light(fact) {
    this.#active = fact;
    for (const { mark, element } of this.#pieces) element.classList.toggle("lit", fact !== "" && mark.facts.includes(fact));
  }
  #draw() {
    const children = [];
    this.#pieces = [];
    let at = 0;
    for (const mark of this.#marks) {
      const classes = [mark.asked && "asked", mark.flagged && "flagged"].filter(Boolean).join(" ");
      const words = this.#text.slice(mark.start, mark.end);
      const element = el("mark", { "data-role": mark.role, class: classes === "" ? null : classes }, words);
      children.push(this.#text.slice(at, mark.start), element);
      this.#pieces.push({ mark, element });
      at = mark.end;
    }
    this.#mirror.replaceChildren(...children, `${this.#text.slice(at)}​`);
    this.light(this.#active);
  }
};

// src/ends.ts
var inPage = (hear) => {
  const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }) => hear(data));
  worker.addEventListener("error", () => hear({ type: "lost", why: "engine" }));
  return { say: (request) => worker.postMessage(request), close: () => worker.terminate() };
};
var SENDABLE = /^[\w!#$%&'*+.^`|~-]*$/;
var atServer = (hear, token2) => {
  if (!SENDABLE.test(token2)) {
    queueMicrotask(() => hear({ type: "lost", why: "token" }));
    return { say: () => void 0, close: () => void 0 };
  }
  const url = new URL("/v1/session", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url, ["foramen.v1", ...token2 === "" ? [] : [`foramen.bearer.${token2}`]]);
  let isOpen = false;
  socket.addEventListener("open", () => {
    isOpen = true;
    void rules().then((packs2) => hear({ type: "ready", rules: packs2 }), () => socket.close());
  });
  socket.addEventListener("message", ({ data }) => hear(JSON.parse(data)));
  socket.addEventListener("close", () => {
    if (isOpen) hear({ type: "lost", why: "connection" });
    else void isRefused(token2).then((refused) => hear({ type: "lost", why: refused ? "token" : "connection" }));
  });
  return { say: (request) => socket.send(JSON.stringify(request, wellFormed)), close: () => socket.close() };
};
var wellFormed = (_, value) => typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "�") : value;
async function rules() {
  const response = await fetch("/v1/rules");
  return (await response.json()).packs;
}
async function isRefused(token2) {
  const headers = { "content-type": "application/json", ...token2 === "" ? {} : { authorization: `Bearer ${token2}` } };
  const response = await fetch("/v1/audit", { method: "POST", headers, body: '{"text":""}' }).catch(() => null);
  return response?.status === 401;
}

// src/found.ts
function showFound({ audit, queries }, facts) {
  const findings = audit.findings.map((finding) => {
    const query2 = queries.find((query3) => query3.finding === finding.id);
    const cell = (value, element) => {
      if (!audit.gaps.some((gap) => gap.finding === finding.id && gap.element === element)) return value === null ? "" : said(value);
      if (!query2?.choices.some((choice) => choice.element === element)) return el("span", { class: "gap" }, "left open");
      const go = () => document.querySelector(`#ask-${query2.id}-${element} button`)?.focus();
      return el("button", { type: "button", class: "gap", "data-key": `${finding.id} ${element}`, "aria-label": `${titled(element)} is missing: to its query`, click: go }, "missing");
    };
    const kind = titled(finding.kind) + (finding.subtype === void 0 ? "" : `: ${said(finding.subtype)}`);
    return row(finding.id, finding.evidence, kind, facts, [
      ["Level", cell(finding.level ?? finding.root ?? null, "level")],
      ["Side", cell(finding.side, "laterality")],
      ["Severity", cell(severity(finding), "severity")],
      ["Status", said(finding.status)],
      ["Section", finding.section === "unknown" || finding.section === "other" ? "" : said(finding.section)]
    ]);
  });
  const procedures = audit.procedures.map(
    (procedure) => row(procedure.id, procedure.evidence, titled(procedure.family), facts, [
      ["Level", procedure.level ?? ""],
      ["Side", procedure.side === null ? "" : said(procedure.side)],
      ["Status", said(procedure.status)],
      ["Guidance", procedure.guidance === null ? "" : said(procedure.guidance)],
      ["Given", procedure.drugs.map(({ name, dose_mg }) => said(name) + (dose_mg === null ? "" : ` ${dose_mg} mg`)).join(", ")]
    ])
  );
  const rest = others(audit);
  refill(
    byId("findings"),
    findings.length > 0 && table("Findings", ["Finding", "Level", "Side", "Severity", "Status", "Section"], findings),
    procedures.length > 0 && table("Procedures", ["Procedure", "Level", "Side", "Status", "Guidance", "Given"], procedures),
    rest.length > 0 && el("dl", {}, ...rest),
    findings.length + procedures.length + rest.length === 0 && el("p", { class: "muted" }, "Nothing that Foramen knows so far.")
  );
}
var severity = (finding) => finding.severity === null ? finding.grade?.text ?? null : said(finding.severity);
function table(title, heads, rows) {
  return el(
    "table",
    { role: "table" },
    el("caption", {}, `${title} (${rows.length})`),
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...heads.map((head) => el("th", { role: "columnheader", scope: "col" }, head)))),
    el("tbody", { role: "rowgroup" }, ...rows)
  );
}
function row(id, evidence, name, facts, cells) {
  const first = evidence.find(({ role }) => role === "anchor") ?? evidence[0];
  const light = () => facts.light(id);
  const end = () => facts.light("");
  const head = first === void 0 ? name : el("button", { type: "button", class: "fact", "data-key": `fact ${id}`, click: () => facts.select(first), focus: light, blur: end }, name);
  return el(
    "tr",
    { role: "row", pointerenter: light, pointerleave: end },
    el("th", { role: "rowheader", scope: "row" }, head),
    ...cells.map(([label, value]) => el("td", { role: "cell", "data-label": label }, value))
  );
}
function others(audit) {
  const roots = audit.radiculopathies.map(({ root, side, status }) => [side && said(side), root, said(status)].filter(Boolean).join(" "));
  const codes = audit.codes.map(({ code, modifiers }) => [code, ...modifiers].join("-"));
  const facts = [
    ["radiculopathies", roots.join(", ") || null],
    ["correlation", audit.correlation && said(audit.correlation.status)],
    ["conservative_care", audit.conservative_care === null ? null : audit.conservative_care ? "documented" : "not documented"],
    ["codes", codes.join(", ") || null],
    ["service_date", audit.service_date && `${audit.service_date.day} (${audit.service_date.origin})`]
  ];
  return facts.flatMap(([name, value]) => value === null ? [] : [el("div", {}, el("dt", {}, titled(name)), el("dd", {}, value))]);
}

// src/legend.ts
var KINDS = [
  ["What is found", ["anchor", "structure"]],
  ["Where", ["level", "root"]],
  ["Side", ["side"]],
  ["Degree", ["severity"]],
  ["Denied, hedged, past", ["cue"]],
  ["What bears on it", ["symptom", "imaging", "link", "treatment"]],
  ["Details and codes", ["detail", "code"]]
];
function legend() {
  const marks2 = [...byId("mirror").querySelectorAll("mark")];
  const roles = new Set(marks2.map((mark) => mark.dataset["role"]));
  const there = KINDS.filter(([, of]) => of.some((role) => roles.has(role)));
  const items = there.map(([label, [role]]) => el("li", {}, el("mark", { "data-role": role ?? "" }, label)));
  for (const [name, label] of [["asked", "Asked about"], ["flagged", "Flagged"]]) {
    if (marks2.some((mark) => mark.classList.contains(name))) items.push(el("li", {}, el("mark", { class: name }, label)));
  }
  refill(byId("legend"), ...items);
}

// src/rule.ts
var packs = [];
var ruleLink = (code) => el("a", { href: `#${code}`, class: "code", "aria-label": `Rule ${code}`, "data-key": `rule ${code}` }, code);
function showRules(all) {
  packs = all;
  window.onhashchange = open;
  open();
}
function open() {
  const code = decodeURIComponent(location.hash.slice(1));
  const pack = packs.find(({ rules: rules2 }) => rules2.some((rule2) => rule2.code === code));
  const rule = pack?.rules.find((rule2) => rule2.code === code);
  if (pack === void 0 || rule === void 0) return;
  const dialog = byId("rule");
  dialog.replaceChildren(...page(rule, pack));
  dialog.onclose = () => history.replaceState(null, "", location.pathname + location.search);
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  if (!dialog.open) dialog.showModal();
}
function page(rule, pack) {
  const days = [rule.effective_from && `from ${rule.effective_from}`, rule.effective_to && `to ${rule.effective_to}`];
  const close = el("form", { method: "dialog" }, el("button", { class: "quiet" }, "Close"));
  return [
    el("div", { class: "bar" }, el("p", { class: "small" }, `${pack.title} · ${rule.code} · ${said(rule.level)}`), close),
    el("h2", { id: "rule-title" }, rule.title),
    el("p", {}, rule.summary),
    el("h3", {}, "Why"),
    el("p", {}, rule.why),
    ...rule.correction == null ? [] : [el("h3", {}, "Often said otherwise"), el("p", {}, rule.correction)],
    ...days.some(Boolean) ? [el("p", { class: "small" }, `For services ${days.filter(Boolean).join(" ")}`)] : [],
    el("h3", {}, rule.sources.length === 1 ? "Source" : "Sources"),
    el("ul", {}, ...rule.sources.map((source) => el("li", {}, source))),
    ...rule.bad === void 0 ? [] : [el("h3", {}, "A note that breaks it"), example(rule.bad)],
    ...rule.good === void 0 ? [] : [el("h3", {}, "A note that keeps it"), example(rule.good)],
    ...rule.page === void 0 ? [] : [el("p", {}, el("a", { href: rule.page, target: "_blank", rel: "noopener" }, "The whole page of this rule, with examples (in a new tab)"))]
  ];
}
function example({ note, note_type, service_date, setting: setting2, payer: payer2 }) {
  const known = [note_type, service_date, setting2, payer2].filter((value) => value !== null).map(titled);
  return el("figure", {}, el("blockquote", {}, note.trim()), el("figcaption", { class: "small" }, known.join(" · ")));
}

// src/missing.ts
var PIPS = 40;
function showMissing(update, asked2) {
  const { audit, queries } = update;
  score(update);
  const open2 = el("h3", {}, queries.length === 0 ? "No open query" : counted(queries.length, "open query", "open queries"));
  refill(byId("queries"), ...audit.score.required === 0 && queries.length === 0 ? [] : [open2], ...queries.map((query2) => card(query2, update, asked2)));
  const flags = audit.flags.map((flag, at) => flagged(flag, `flag${at + 1}`, asked2));
  refill(byId("flags"), flags.length > 0 && el("h3", {}, counted(flags.length, "flag")), flags.length > 0 && el("ul", {}, ...flags));
}
function score({ audit, left_open }) {
  const { documented, required, percent } = audit.score;
  if (required === 0) {
    return refill(byId("score"), el("p", { class: "muted" }, "Nothing is required of this note so far."));
  }
  const pips = el("span", { class: "pips", "aria-hidden": "true" });
  const drawn = Math.min(required, PIPS);
  for (let at = 0; at < drawn; at += 1) pips.append(el("span", { class: at < Math.round(documented / required * drawn) ? "full" : null }));
  refill(
    byId("score"),
    el("p", { class: "figure" }, el("strong", {}, `${percent ?? 0} %`), ` ${documented} of ${required} required elements documented`),
    pips,
    left_open.length > 0 && el("p", { class: "small" }, `${counted(left_open.length, "question")} answered without words for the note, and not asked again.`)
  );
}
function subject(query2, { audit }) {
  const finding = audit.findings.find(({ id }) => id === query2.finding);
  if (finding !== void 0) return [titled(finding.kind), finding.level, finding.side && said(finding.side)].filter(Boolean).join(" · ");
  const procedure = audit.procedures.find(({ id }) => id === query2.procedure);
  if (procedure !== void 0) return [titled(procedure.family), procedure.level, procedure.side && said(procedure.side)].filter(Boolean).join(" · ");
  return "The note as a whole";
}
function card(query2, update, asked2) {
  const first = query2.evidence.find(({ role }) => role === "anchor") ?? query2.evidence[0];
  const title = subject(query2, update);
  return el(
    "article",
    { "aria-labelledby": `${query2.id}-title`, pointerenter: () => asked2.light(query2.finding ?? query2.procedure ?? query2.id), pointerleave: () => asked2.light("") },
    el(
      "div",
      { class: "bar" },
      el("h4", { id: `${query2.id}-title` }, title),
      first !== void 0 && el("button", { type: "button", class: "quiet", "data-key": `show ${query2.id}`, "aria-label": `Show the words: ${title}`, click: () => asked2.select(first) }, "Show")
    ),
    el("p", {}, query2.text),
    ...query2.choices.map((choice) => choices(query2, choice, asked2))
  );
}
function choices(query2, { element, rule, options }, asked2) {
  const buttons = options.map(
    (option) => el("button", { type: "button", "data-query": query2.id, "data-key": `${query2.id} ${element} ${option}`, click: () => asked2.answer(query2.id, element, option) }, option)
  );
  const legend2 = el("legend", {}, titled(element), " ", rule !== null && ruleLink(rule));
  return el("fieldset", { id: `ask-${query2.id}-${element}` }, legend2, el("div", { class: "options" }, ...buttons));
}
function flagged(flag, id, asked2) {
  const first = flag.evidence[0];
  return el(
    "li",
    { "data-level": flag.severity, pointerenter: () => asked2.light(id), pointerleave: () => asked2.light("") },
    el("p", {}, el("strong", {}, titled(flag.severity)), " ", flag.message),
    el("p", { class: "small" }, ruleLink(flag.rule), " ", first !== void 0 && el("button", { type: "button", class: "quiet", "data-key": `show ${id}`, "aria-label": `Show the words: ${flag.message}`, click: () => asked2.select(first) }, "Show"))
  );
}

// src/notice.ts
function notice(message, action) {
  const button = action && el("button", { type: "button", click: action.run }, action.label);
  byId("notice").replaceChildren(...message === "" ? [] : [el("p", { class: "notice" }, message, button ? " " : null, button ?? null)]);
}
function askToken(given) {
  const dialog = byId("token");
  const input = el("input", { id: "token-field", type: "password", autocomplete: "off", required: true });
  const form = el(
    "form",
    { method: "dialog", submit: () => given(input.value) },
    el("h2", { id: "token-title" }, "This server asks for a token"),
    el("p", {}, el("label", { for: "token-field" }, "Token"), input),
    el("p", { class: "small" }, "It is kept in this page alone, until it is closed."),
    el("p", {}, el("button", { type: "submit" }, "Connect"))
  );
  dialog.replaceChildren(form);
  dialog.oncancel = (event) => event.preventDefault();
  if (!dialog.open) dialog.showModal();
  input.focus();
}

// src/samples.ts
function sampleList(chosen) {
  const choices2 = samples.map(
    (sample) => el(
      "li",
      {},
      el("button", { type: "button", click: () => chosen(sample) }, el("span", {}, sample.title), el("span", { class: "small" }, titled(sample.note_type)))
    )
  );
  return el("ul", { class: "choices" }, ...choices2);
}
function offerSamples(chosen) {
  const dialog = byId("samples");
  const choose2 = (sample) => {
    dialog.close();
    chosen(sample);
  };
  const close = el("form", { method: "dialog" }, el("button", { class: "quiet" }, "Close"));
  dialog.replaceChildren(
    el("div", { class: "bar" }, el("h2", { id: "samples-title" }, "Sample notes"), close),
    el("p", { class: "small" }, "Invented, as all notes of the project are. Undo brings back what you had written."),
    sampleList(choose2)
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  byId("samples-open").addEventListener("click", () => dialog.showModal());
}

// src/session.ts
var Session = class {
  #engine = null;
  #isReady = false;
  /** What was asked and is not answered yet: nothing else is asked meanwhile, so that a slow engine falls behind by no more
   * than one text. */
  #asked = null;
  /** The text that the engine has; null where it has to be told the whole. */
  #sent = null;
  #text = "";
  #context = {};
  #connect;
  #hearers;
  constructor(connect, hearers) {
    this.#connect = connect;
    this.#hearers = hearers;
  }
  start(token2 = "") {
    this.#engine?.close();
    this.#isReady = false;
    const engine = this.#connect((reply) => this.#engine === engine && this.#hear(reply), token2);
    this.#engine = engine;
  }
  /** Takes what is known of the note: it is audited anew. */
  know(context2) {
    [this.#context, this.#sent] = [context2, null];
    this.#send();
  }
  /** Takes the text as it now is. */
  edit(text) {
    this.#text = text;
    this.#send();
  }
  /** Answers a query of the last update. */
  apply(query2, element, option) {
    this.#say({ type: "apply", query: query2, element, option });
  }
  /** Brings the engine's text up to ours. */
  #send() {
    const edit = this.#sent === null ? null : difference(this.#sent, this.#text);
    if (edit !== null) this.#say({ type: "edit", ...edit });
    else if (this.#sent === null) this.#say({ type: "open", context: this.#context, text: this.#text });
  }
  #say(request) {
    if (!this.#isReady || this.#asked !== null) return;
    if (request.type !== "apply") this.#sent = this.#text;
    this.#asked = request.type;
    this.#engine?.say(request);
  }
  #hear(reply) {
    if (reply.type === "ready") {
      [this.#isReady, this.#asked, this.#sent] = [true, null, null];
      this.#hearers.ready(reply.rules);
      return this.#send();
    }
    if (reply.type === "lost") {
      this.#isReady = false;
      return this.#hearers.lost(reply.why);
    }
    const asked2 = this.#asked;
    this.#asked = null;
    if (reply.type === "problem") {
      if (asked2 !== "apply") this.#sent = null;
      return this.#hearers.problem(reply.detail ?? reply.title);
    }
    if (this.#sent !== this.#text) this.#send();
    else if (reply.type === "edit") this.#hearers.edit(reply);
    else this.#hearers.update(reply, reply.type === "recorded");
  }
};

// src/speech.ts
var REST = 1200;
var timer = 0;
var closed = [];
var before = "";
function tell({ audit, queries, changes }) {
  closed.push(...changes.gaps.closed.map(({ element }) => titled(element)));
  const { documented, required } = audit.score;
  const now = [
    queries.length === 0 ? "No open query." : `${counted(queries.length, "open query", "open queries")}.`,
    audit.flags.length === 0 ? "" : `${counted(audit.flags.length, "flag")}.`,
    required === 0 ? "" : `${documented} of ${required} documented.`
  ].filter((words) => words !== "").join(" ");
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    const answered2 = closed.length === 0 ? "" : `No longer missing: ${[...new Set(closed)].join(", ")}. `;
    closed = [];
    if (now !== before) byId("spoken").textContent = answered2 + now;
    before = now;
  }, REST);
}
function say(words) {
  byId("spoken").textContent = words;
}

// src/page.ts
var isInPage = document.documentElement.dataset["end"] === "page";
var PATIENCE = { first: 1e3, last: 15e3 };
var LIT = 1600;
var patience = PATIENCE.first;
var token = "";
var answered = null;
var editor = new Editor(byId("text"), byId("mirror"), (text) => session.edit(text));
var session = new Session(isInPage ? inPage : atServer, {
  ready(rules2) {
    patience = PATIENCE.first;
    notice("");
    showRules(rules2);
    document.documentElement.dataset["state"] = "ready";
  },
  update: show,
  edit: (edit) => editor.write(edit),
  problem(what) {
    answered = null;
    notice(`${what.charAt(0).toUpperCase()}${what.slice(1)}.`);
  },
  lost
});
var asked = {
  answer(query2, element, option) {
    const cards = [...document.querySelectorAll("#queries article")];
    answered = cards.findIndex((card2) => card2.contains(document.activeElement));
    session.apply(query2, element, option);
  },
  light: (fact) => editor.light(fact),
  select: (place) => editor.select(place)
};
function show(update, isRecorded) {
  notice("");
  editor.mark(marks(update, editor.text.length));
  legend();
  const isEmpty = editor.text.trim() === "";
  readAs(isEmpty ? null : update.audit.note_type);
  showMissing(update, asked);
  showFound(update, asked);
  if (isEmpty) refill(byId("score"), el("p", { class: "muted" }, "Write or paste a note, or start from one of these:"), sampleList(load));
  byId("where").textContent = where(update);
  if (answered === null) return tell(update);
  if (isRecorded) say("Kept as answered; it is not asked again.");
  else tell(update);
  const fresh = update.changes.findings.added[0];
  if (fresh !== void 0) {
    editor.light(fresh);
    setTimeout(() => editor.light(""), LIT);
  }
  query(answered);
  answered = null;
}
function where({ took }) {
  const time = took === void 0 ? "" : ` Read in ${took.toFixed(1)} ms.`;
  return (isInPage ? "The note stays in this page." : "The note goes to the server of this page, which keeps nothing.") + time;
}
function query(at) {
  const cards = [...document.querySelectorAll("#queries article")];
  const card2 = cards[Math.min(Math.max(at, 0), cards.length - 1)];
  const button = card2?.querySelector("fieldset button");
  if (button) button.focus();
  else editor.focus();
}
function lost(why) {
  document.documentElement.dataset["state"] = "lost";
  if (why === "token") {
    return askToken((given) => {
      token = given;
      session.start(token);
    });
  }
  if (why === "engine") {
    return notice("The engine of this page could not start: its browser may be too old, or a file be missing.", { label: "Reload", run: () => location.reload() });
  }
  notice("No connection to the server. Your note is still here; it is audited again once the server answers.", { label: "Try now", run: () => session.start(token) });
  setTimeout(() => document.documentElement.dataset["state"] === "lost" && session.start(token), patience);
  patience = Math.min(patience * 2, PATIENCE.last);
}
function load({ note_type, text }) {
  forget(note_type);
  session.know(context());
  editor.replace(text);
}
document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  const isInNote = event.target === byId("text");
  const cards = [...document.querySelectorAll("#queries article")];
  const at = cards.findIndex((card2) => card2.contains(document.activeElement));
  if (event.key === "F8" && cards.length > 0) query((at + (event.shiftKey ? at < 0 ? 0 : -1 : 1) + cards.length) % cards.length);
  else if (event.key === "Escape" && !isInNote) editor.focus();
  else if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !(event.target instanceof HTMLInputElement) && !isInNote) editor.undo();
  else return;
  event.preventDefault();
});
addEventListener("beforeunload", (event) => {
  const isWritten = editor.text.trim() !== "" && !samples.some(({ text }) => text === editor.text);
  if (isWritten) event.preventDefault();
});
showContext(() => session.know(context()));
offerSamples(load);
session.start();
