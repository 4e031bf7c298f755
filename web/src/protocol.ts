// What is said between the page and an engine, be it the server's (WebSocket `/v1/session`) or the one in the page's own
// worker: both speak the same messages. Offsets count UTF-16 units, as JavaScript's strings do.

import type * as types from "../../bindings/wasm/types.ts";
import type { Context, Edit, Element } from "../../bindings/wasm/types.ts";

export type { Edit };

/** An update; `took` are the milliseconds that it took, where the engine is in the page. */
export type Update = types.Update & { took?: number };

/** A rule as either end tells of it: the engine in the page has all of it, the server a page of its own for each. */
export type Rule = Pick<types.Rule, "code" | "title" | "level" | "summary" | "why" | "sources" | "effective_from" | "effective_to"> &
  Partial<Pick<types.Rule, "correction" | "bad" | "good">> & { page?: string };
export type Pack = Pick<types.Pack, "name" | "title" | "summary"> & { rules: Rule[] };

export type Request =
  | { type: "open"; context: Context; text: string }
  | ({ type: "edit" } & Edit)
  | { type: "apply"; query: string; element: Element; option: string };

export type Reply =
  | { type: "ready"; rules: Pack[] }
  | ({ type: "update" } & Update)
  | ({ type: "recorded" } & Update)
  | ({ type: "edit" } & Edit)
  | { type: "problem"; title: string; detail?: string; status?: number }
  | { type: "lost"; why: "token" | "connection" | "engine" };

/** An engine to speak with. What it says comes to `hear`, first `ready`; after `lost` it says nothing more. */
export interface Engine {
  say(request: Request): void;
  close(): void;
}

export type Connect = (hear: (reply: Reply) => void, token: string) => Engine;
