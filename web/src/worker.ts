// The engine in a worker of the page: the messages of the server's live session, over the WebAssembly package that lies
// beside this file. Nothing is sent anywhere.

import type { Reply, Request } from "./protocol.ts";
import type { Package } from "./package.ts";

const say = (reply: Reply): void => postMessage(reply);

/** What the package throws tells of the request and never of the note. */
const told = (error: unknown): string => (error instanceof Error ? error.message : "the engine stopped");

async function start(): Promise<(request: Request) => void> {
  const path = "./foramen.js"; // A name that the bundler leaves alone: the file is not there when it runs.
  const { default: init, Engine } = (await import(path)) as Package;
  await init();
  const engine = new Engine();
  let session = engine.session();
  say({ type: "ready", rules: engine.rules() });

  let began = 0;
  const update = (type: "update" | "recorded"): void => {
    const now = session.audit();
    say({ type, ...now, took: performance.now() - began });
  };
  return (request) => {
    began = performance.now();
    switch (request.type) {
      case "open":
        session.free();
        session = engine.session(request.context);
        session.push(request.text);
        return update("update");
      case "edit":
        session.edit(request.start, request.end, request.text);
        return update("update");
      case "apply": {
        const edit = session.apply(request.query, request.element, request.option);
        return edit === null ? update("recorded") : say({ type: "edit", ...edit });
      }
    }
  };
}

const started = start();
started.catch(() => say({ type: "lost", why: "engine" }));

addEventListener("message", ({ data }: MessageEvent<Request>) => {
  void started.then((answer) => {
    try {
      answer(data);
    } catch (error) {
      say({ type: "problem", title: told(error) });
    }
  }, () => undefined);
});
