// src/worker.ts
var say = (reply) => postMessage(reply);
var told = (error) => error instanceof Error ? error.message : "the engine stopped";
async function start() {
  const path = "./foramen.js";
  const { default: init, Engine } = await import(path);
  await init();
  const engine = new Engine();
  let session = engine.session();
  say({ type: "ready", rules: engine.rules() });
  let began = 0;
  const update = (type) => {
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
var started = start();
started.catch(() => say({ type: "lost", why: "engine" }));
addEventListener("message", ({ data }) => {
  void started.then((answer) => {
    try {
      answer(data);
    } catch (error) {
      say({ type: "problem", title: told(error) });
    }
  }, () => void 0);
});
