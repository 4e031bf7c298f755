// The npm package foramen-wasm, as far as the page uses it.

import type { Context, Edit, Element, Pack, Update } from "../../bindings/wasm/types.ts";

export interface Session {
  push(text: string): void;
  edit(start: number, end: number, text: string): void;
  audit(): Update;
  apply(query: string, element: Element, option: string): Edit | null;
  free(): void;
}

export interface Package {
  default(): Promise<unknown>;
  Engine: new () => { session(context?: Context): Session; rules(): Pack[] };
}
