// The note: a plain text area, so that typing, undo, spelling and screen readers are the browser's own, over a mirror of
// its text in which evidence is marked. The mirror has the area's letters, unseen, and so breaks its lines in the same
// places.

import { el } from "./dom.ts";
import { type Mark, shifted } from "./marks.ts";
import type { Edit } from "./protocol.ts";
import { difference } from "./text.ts";

export class Editor {
  #area: HTMLTextAreaElement;
  #mirror: HTMLElement;
  #text = "";
  #marks: Mark[] = [];
  #pieces: { mark: Mark; element: HTMLElement }[] = [];
  #active = "";

  constructor(area: HTMLTextAreaElement, mirror: HTMLElement, edited: (text: string) => void) {
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

  get text(): string {
    return this.#text;
  }

  focus(): void {
    this.#area.focus();
  }

  /** Marks evidence. */
  mark(marks: Mark[]): void {
    this.#marks = marks;
    this.#draw();
  }

  /** Puts words into the text as if they were typed: undo takes them back. */
  write({ start, end, text }: Edit): void {
    this.#area.focus({ preventScroll: true });
    this.#area.setSelectionRange(start, end);
    // The one way in which a script's edit enters the undo of every browser.
    const isDone = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
    if (isDone) return;
    this.#area.setRangeText(text, start, end, "end");
    this.#area.dispatchEvent(new InputEvent("input"));
  }

  /** Puts another text in place of the whole. */
  replace(text: string): void {
    this.write({ start: 0, end: this.#text.length, text });
    this.#area.setSelectionRange(0, 0);
    this.#area.scrollIntoView({ block: "nearest" });
    this.#area.parentElement?.parentElement?.scrollTo(0, 0);
  }

  undo(): void {
    this.#area.focus();
    document.execCommand("undo");
  }

  /** Selects words, and brings them into view. */
  select({ start, end }: { start: number; end: number }): void {
    this.#area.focus({ preventScroll: true });
    this.#area.setSelectionRange(start, end);
    const piece = this.#pieces.find(({ mark }) => mark.start <= start && start < mark.end) ?? this.#pieces[0];
    piece?.element.scrollIntoView({ block: "center" });
  }

  /** Shows the words of one fact above all others; the empty name shows none. */
  light(fact: string): void {
    this.#active = fact;
    for (const { mark, element } of this.#pieces) element.classList.toggle("lit", fact !== "" && mark.facts.includes(fact));
  }

  #draw(): void {
    const children: (Node | string)[] = [];
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
    // The last line end has no line of its own but for a letter after it.
    this.#mirror.replaceChildren(...children, `${this.#text.slice(at)}\u200b`);
    this.light(this.#active);
  }
}
