// The two ends that an engine can be at: the server that the page came from, or a worker of the page.

import type { Connect, Pack, Reply } from "./protocol.ts";

/** The engine in a worker. */
export const inPage: Connect = (hear) => {
  const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => hear(data));
  worker.addEventListener("error", () => hear({ type: "lost", why: "engine" }));
  return { say: (request) => worker.postMessage(request), close: () => worker.terminate() };
};

/** The letters that a subprotocol may have. */
const SENDABLE = /^[\w!#$%&'*+.^`|~-]*$/;

/** The engine of the server, over its WebSocket. */
export const atServer: Connect = (hear, token) => {
  if (!SENDABLE.test(token)) {
    queueMicrotask(() => hear({ type: "lost", why: "token" }));
    return { say: () => undefined, close: () => undefined };
  }
  const url = new URL("/v1/session", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  // A page cannot set headers on a WebSocket: the token goes as a subprotocol, which leaves no trace in addresses.
  const socket = new WebSocket(url, ["foramen.v1", ...(token === "" ? [] : [`foramen.bearer.${token}`])]);
  let isOpen = false;
  socket.addEventListener("open", () => {
    isOpen = true;
    void rules().then((packs) => hear({ type: "ready", rules: packs }), () => socket.close());
  });
  socket.addEventListener("message", ({ data }: MessageEvent<string>) => hear(JSON.parse(data) as Reply));
  socket.addEventListener("close", () => {
    if (isOpen) hear({ type: "lost", why: "connection" });
    else void isRefused(token).then((refused) => hear({ type: "lost", why: refused ? "token" : "connection" }));
  });
  return { say: (request) => socket.send(JSON.stringify(request, wellFormed)), close: () => socket.close() };
};

/** JSON has no halves of pairs: each is sent as the letter that the engine in the page would read. */
const wellFormed = (_: string, value: unknown): unknown =>
  typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\ufffd") : value;

async function rules(): Promise<Pack[]> {
  const response = await fetch("/v1/rules");
  return ((await response.json()) as { packs: Pack[] }).packs;
}

/** Whether the server refuses the token: a WebSocket does not tell why it was not opened. */
async function isRefused(token: string): Promise<boolean> {
  const headers = { "content-type": "application/json", ...(token === "" ? {} : { authorization: `Bearer ${token}` }) };
  const response = await fetch("/v1/audit", { method: "POST", headers, body: '{"text":""}' }).catch(() => null);
  return response?.status === 401;
}
