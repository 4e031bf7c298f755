// The live page: a note on one side; on the other what it leaves out, with answers that complete it; below, what it states.

import { type Sample, samples } from "foramen:data";
import type { Element } from "../../bindings/wasm/types.ts";
import { context, forget, readAs, showContext } from "./context.ts";
import { byId, el, refill } from "./dom.ts";
import { Editor } from "./editor.ts";
import { atServer, inPage } from "./ends.ts";
import { showFound } from "./found.ts";
import { legend } from "./legend.ts";
import { marks } from "./marks.ts";
import { type Asked, showMissing } from "./missing.ts";
import { askToken, notice } from "./notice.ts";
import type { Update } from "./protocol.ts";
import { showRules } from "./rule.ts";
import { offerSamples, sampleList } from "./samples.ts";
import { Session } from "./session.ts";
import { say, tell } from "./speech.ts";

const isInPage = document.documentElement.dataset["end"] === "page";
/** Milliseconds before the server is sought again: they double up to the last. */
const PATIENCE = { first: 1000, last: 15_000 };
/** Milliseconds for which new facts are shown above all others. */
const LIT = 1600;

let patience = PATIENCE.first;
let token = "";
/** The place among the queries of the one that was answered, while its answer is awaited. */
let answered: number | null = null;

const editor = new Editor(byId<HTMLTextAreaElement>("text"), byId("mirror"), (text) => session.edit(text));
const session = new Session(isInPage ? inPage : atServer, {
  ready(rules) {
    patience = PATIENCE.first;
    notice("");
    showRules(rules);
    document.documentElement.dataset["state"] = "ready";
  },
  update: show,
  edit: (edit) => editor.write(edit),
  problem(what) {
    answered = null;
    notice(`${what.charAt(0).toUpperCase()}${what.slice(1)}.`);
  },
  lost,
});

const asked: Asked = {
  answer(query: string, element: Element, option: string) {
    const cards = [...document.querySelectorAll("#queries article")];
    answered = cards.findIndex((card) => card.contains(document.activeElement));
    session.apply(query, element, option);
  },
  light: (fact) => editor.light(fact),
  select: (place) => editor.select(place),
};

function show(update: Update, isRecorded: boolean): void {
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
  if (fresh !== undefined) {
    editor.light(fresh);
    setTimeout(() => editor.light(""), LIT);
  }
  query(answered);
  answered = null;
}

function where({ took }: Update): string {
  const time = took === undefined ? "" : ` Read in ${took.toFixed(1)} ms.`;
  return (isInPage ? "The note stays in this page." : "The note goes to the server of this page, which keeps nothing.") + time;
}

/** Puts the focus on the first answer of the query at a place, or of the last; on the note where there is none. */
function query(at: number): void {
  const cards = [...document.querySelectorAll<HTMLElement>("#queries article")];
  const card = cards[Math.min(Math.max(at, 0), cards.length - 1)];
  const button = card?.querySelector<HTMLElement>("fieldset button");
  if (button) button.focus();
  else editor.focus();
}

function lost(why: "token" | "connection" | "engine"): void {
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

function load({ note_type, text }: Sample): void {
  forget(note_type);
  session.know(context());
  editor.replace(text);
}

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  const isInNote = event.target === byId("text");
  const cards = [...document.querySelectorAll("#queries article")];
  const at = cards.findIndex((card) => card.contains(document.activeElement));
  if (event.key === "F8" && cards.length > 0) query((at + (event.shiftKey ? (at < 0 ? 0 : -1) : 1) + cards.length) % cards.length);
  else if (event.key === "Escape" && !isInNote) editor.focus();
  else if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !(event.target instanceof HTMLInputElement) && !isInNote) editor.undo();
  else return;
  event.preventDefault();
});

// Nothing is kept, so that leaving the page would lose what was written.
addEventListener("beforeunload", (event) => {
  const isWritten = editor.text.trim() !== "" && !samples.some(({ text }) => text === editor.text);
  if (isWritten) event.preventDefault();
});

showContext(() => session.know(context()));
offerSamples(load);
session.start();
