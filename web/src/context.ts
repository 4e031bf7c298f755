// What is known of the note from outside its text.

import { noteTypes, payers, settings } from "foramen:data";
import type { Context, NoteType } from "../../bindings/wasm/types.ts";
import { byId, el } from "./dom.ts";
import { said, titled } from "./text.ts";

const choose = (id: string, none: string, names: string[]): HTMLSelectElement =>
  el("select", { id }, el("option", { value: "" }, none), ...names.map((name) => el("option", { value: name }, titled(name))));

const UNREAD = "Read from the text";

const type = choose("note-type", UNREAD, noteTypes);
const day = el("input", { id: "service-date", type: "date" });
const setting = choose("setting", "Not known", settings);
const payer = choose("payer", "Not known", payers);

/** Shows the fields; `changed` is called whenever one of them is. */
export function showContext(changed: () => void): void {
  const field = (label: string, input: HTMLElement): HTMLElement => el("p", {}, el("label", { for: input.id }, label), input);
  const more = el(
    "details",
    {},
    el("summary", {}, "Service"),
    el("div", { class: "fields" }, field("Day of service", day), field("Who bills", setting), field("Who pays", payer)),
  );
  byId("context").replaceChildren(el("p", {}, el("label", { for: type.id }, "Type "), type), more);
  for (const input of [type, day, setting, payer]) input.addEventListener("change", changed);
}

/** What the fields say; a field that says nothing is left out. */
export function context(): Context {
  const given = { note_type: type.value, service_date: day.value, setting: setting.value, payer: payer.value };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== "")) as Context;
}

/** Sets all of it back but the type of the note. */
export function forget(noteType: NoteType | ""): void {
  type.value = noteType;
  for (const input of [day, setting, payer]) input.value = "";
}

/** Tells what the note was read as. */
export function readAs(noteType: NoteType | null): void {
  const first = type.options[0];
  if (first !== undefined) first.textContent = noteType === null ? UNREAD : `As read: ${said(noteType)}`;
}
