// What went wrong, and what can be done.

import { byId, el } from "./dom.ts";

/** Shows a message, with a button where something can be done; the empty message takes it away. */
export function notice(message: string, action?: { label: string; run: () => void }): void {
  const button = action && el("button", { type: "button", click: action.run }, action.label);
  byId("notice").replaceChildren(...(message === "" ? [] : [el("p", { class: "notice" }, message, button ? " " : null, button ?? null)]));
}

/** Asks for the server's token. */
export function askToken(given: (token: string) => void): void {
  const dialog = byId<HTMLDialogElement>("token");
  const input = el("input", { id: "token-field", type: "password", autocomplete: "off", required: true });
  const form = el(
    "form",
    { method: "dialog", submit: () => given(input.value) },
    el("h2", { id: "token-title" }, "This server asks for a token"),
    el("p", {}, el("label", { for: "token-field" }, "Token"), input),
    el("p", { class: "small" }, "It is kept in this page alone, until it is closed."),
    el("p", {}, el("button", { type: "submit" }, "Connect")),
  );
  dialog.replaceChildren(form);
  dialog.oncancel = (event) => event.preventDefault();
  if (!dialog.open) dialog.showModal();
  input.focus();
}
