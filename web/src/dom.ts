// Elements. What is shown is text nodes alone: nothing here reads a string as markup.

export type Child = Node | string | null | false;
type Set = Record<string, string | number | boolean | null | ((event: Event) => void)>;

/** An element with attributes (functions are listeners; null and false leave the attribute out) and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  set: Set = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(set)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== null && value !== false) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== false));
  return made;
}

/** The element of an id, which the page is made with. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found as T;
}

/** Puts children in place of those of `parent`, and the focus back on what has the same `data-key`. */
export function refill(parent: HTMLElement, ...children: Child[]): void {
  const active = parent.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["key"] : undefined;
  parent.replaceChildren(...children.filter((child) => child !== null && child !== false));
  if (active === undefined) return;
  const again = [...parent.querySelectorAll<HTMLElement>("[data-key]")].find((element) => element.dataset["key"] === active);
  again?.focus({ preventScroll: true });
}
