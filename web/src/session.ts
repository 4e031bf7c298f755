// The page's side of a live session: edits go out as they are made, and of what comes back only what is so now is shown.

import type { Context, Element } from "../../bindings/wasm/types.ts";
import type { Connect, Edit, Engine, Pack, Reply, Request, Update } from "./protocol.ts";

export interface Hearers {
  /** The engine is there, with its rules. */
  ready(rules: Pack[]): void;
  /** What is so of the text as it stands. `recorded` after an answer that puts no words into it. */
  update(update: Update, recorded: boolean): void;
  /** Words to be put into the text: an answer. */
  edit(edit: Edit): void;
  /** The engine cannot do what it was asked. */
  problem(what: string): void;
  /** The engine is gone. */
  lost(why: "token" | "connection" | "engine"): void;
}

export class Session {
  #engine: Engine | null = null;
  #isReady = false;
  /** What was asked and is still to be answered; answers come in this order. */
  #asked: Request["type"][] = [];
  /** Whether the engine may have another text than ours: the next edit then sends the whole. */
  #isAstray = false;
  #text = "";
  #context: Context = {};
  #connect: Connect;
  #hearers: Hearers;

  constructor(connect: Connect, hearers: Hearers) {
    this.#connect = connect;
    this.#hearers = hearers;
  }

  start(token = ""): void {
    this.#engine?.close();
    this.#isReady = false;
    const engine: Engine = this.#connect((reply) => this.#engine === engine && this.#hear(reply), token);
    this.#engine = engine;
  }

  /** Begins anew with a text and what is known of it. */
  open(text: string, context: Context): void {
    [this.#text, this.#context] = [text, context];
    this.#say({ type: "open", context, text });
  }

  /** An edit that was made; `text` is what it made. */
  edit(edit: Edit, text: string): void {
    if (this.#isAstray) return this.open(text, this.#context);
    this.#text = text;
    this.#say({ type: "edit", ...edit });
  }

  /** Answers a query of the last update. */
  apply(query: string, element: Element, option: string): void {
    if (this.#asked.length === 0) this.#say({ type: "apply", query, element, option });
  }

  #say(request: Request): void {
    if (!this.#isReady) return;
    if (request.type === "open") this.#isAstray = false;
    this.#asked.push(request.type);
    this.#engine?.say(request);
  }

  #hear(reply: Reply): void {
    if (reply.type === "ready") {
      [this.#isReady, this.#asked] = [true, []];
      this.#hearers.ready(reply.rules);
      return this.open(this.#text, this.#context);
    }
    if (reply.type === "lost") {
      this.#isReady = false;
      return this.#hearers.lost(reply.why);
    }
    const asked = this.#asked.shift();
    if (reply.type === "problem") {
      this.#isAstray ||= asked !== "apply";
      return this.#hearers.problem(reply.detail ?? reply.title);
    }
    // What is said of a text that was edited since would mark the wrong words.
    if (this.#asked.length > 0) return;
    if (reply.type === "edit") this.#hearers.edit(reply);
    else this.#hearers.update(reply, reply.type === "recorded");
  }
}
