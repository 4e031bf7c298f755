// Notes to start from.

import { type Sample, samples } from "foramen:data";
import { byId, el } from "./dom.ts";
import { titled } from "./text.ts";

/** A list of the samples as buttons. */
export function sampleList(chosen: (sample: Sample) => void): HTMLElement {
  const choices = samples.map((sample) =>
    el(
      "li",
      {},
      el("button", { type: "button", click: () => chosen(sample) }, el("span", {}, sample.title), el("span", { class: "small" }, titled(sample.note_type))),
    ),
  );
  return el("ul", { class: "choices" }, ...choices);
}

/** Makes the dialog; `chosen` is called with the note that was chosen. */
export function offerSamples(chosen: (sample: Sample) => void): void {
  const dialog = byId<HTMLDialogElement>("samples");
  const choose = (sample: Sample): void => {
    dialog.close();
    chosen(sample);
  };
  const close = el("form", { method: "dialog" }, el("button", { class: "quiet" }, "Close"));
  dialog.replaceChildren(
    el("div", { class: "bar" }, el("h2", { id: "samples-title" }, "Sample notes"), close),
    el("p", { class: "small" }, "Invented, as all notes of the project are. Undo brings back what you had written."),
    sampleList(choose),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  byId("samples-open").addEventListener("click", () => dialog.showModal());
}
