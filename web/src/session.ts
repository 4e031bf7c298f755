// The page's side of a live session: edits go out, and of what comes back only what is so now is shown.

import type { Context, Element } from "../../bindings/wasm/types.ts";
import { difference } from "./text.ts";
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
  /** What was asked and is not answered yet: nothing else is asked meanwhile, so that a slow engine falls behind by no more
   * than one text. */
  #asked: Request["type"] | null = null;
  /** The text that the engine has; null where it has to be told the whole. */
  #sent: string | null = null;
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

  /** Takes what is known of the note: it is audited anew. */
  know(context: Context): void {
    [this.#context, this.#sent] = [context, null];
    this.#send();
  }

  /** Takes the text as it now is. */
  edit(text: string): void {
    this.#text = text;
    this.#send();
  }

  /** Answers a query of the last update. */
  apply(query: string, element: Element, option: string): void {
    this.#say({ type: "apply", query, element, option });
  }

  /** Brings the engine's text up to ours. */
  #send(): void {
    const edit = this.#sent === null ? null : difference(this.#sent, this.#text);
    if (edit !== null) this.#say({ type: "edit", ...edit });
    else if (this.#sent === null) this.#say({ type: "open", context: this.#context, text: this.#text });
  }

  #say(request: Request): void {
    if (!this.#isReady || this.#asked !== null) return;
    if (request.type !== "apply") this.#sent = this.#text;
    this.#asked = request.type;
    this.#engine?.say(request);
  }

  #hear(reply: Reply): void {
    if (reply.type === "ready") {
      [this.#isReady, this.#asked, this.#sent] = [true, null, null];
      this.#hearers.ready(reply.rules);
      return this.#send();
    }
    if (reply.type === "lost") {
      this.#isReady = false;
      return this.#hearers.lost(reply.why);
    }
    const asked = this.#asked;
    this.#asked = null;
    if (reply.type === "problem") {
      // It may have another text than ours now.
      if (asked !== "apply") this.#sent = null;
      return this.#hearers.problem(reply.detail ?? reply.title);
    }
    // What is said of a text that was edited since would mark the wrong words.
    if (this.#sent !== this.#text) this.#send();
    else if (reply.type === "edit") this.#hearers.edit(reply);
    else this.#hearers.update(reply, reply.type === "recorded");
  }
}
