// The live page as `foramen serve` gives it, with the engine of the server. FORAMEN is the command.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { launch, noQuery, note, openPage, queries } from "./live.mjs";

const TOKEN = "a-token-of-the-tests";
const TEXT = "IMPRESSION: Left foraminal stenosis at L4-L5.";

let context;
let close;

before(async () => {
  ({ context, close } = await launch());
});

after(() => close?.());

/** A server, with its address; `log` is what it has said. */
async function serve(listen = "127.0.0.1:0", env = {}) {
  const server = spawn(process.env.FORAMEN, ["serve", "--listen", listen], { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] });
  const log = [];
  const lines = createInterface({ input: server.stderr });
  lines.on("line", (line) => log.push(line));
  const [first] = await once(lines, "line");
  const end = async () => {
    server.kill();
    await once(server, "exit");
  };
  return { home: `http://${JSON.parse(first).listen}/`, log, end };
}

test("the engine of the server marks, asks, takes an answer, and undo takes it back", async () => {
  const { home, log, end } = await serve();
  try {
    const { page, strange } = await openPage(context, home);
    await note(page).focus();
    await page.keyboard.type(`🦴 ${TEXT}`);
    await queries(page).first().waitFor();
    const marked = await page.$$eval("#mirror mark", (all) => all.map((mark) => mark.textContent));
    assert.ok(marked.includes("L4-L5") && marked.includes("Left"), String(marked));
    await page.keyboard.press("F8");
    await page.keyboard.press("Enter");
    await noQuery(page);
    assert.match(await note(page).inputValue(), /mild/i);
    await page.keyboard.press("Control+Z");
    await queries(page).first().waitFor();
    assert.equal(await note(page).inputValue(), `🦴 ${TEXT}`);
    await page.getByRole("button", { name: "unable to determine" }).click();
    await noQuery(page);
    await page.goto(`${home}#NF003`);
    await page.waitForSelector("#rule[open]");
    assert.match(await page.textContent("#rule"), /Why/);
    assert.deepEqual(strange, []);
    await page.close();
    assert.ok(!log.join("").includes("stenosis"), "the log holds no word of the note");
  } finally {
    await end();
  }
});

test("a server that wants a token is asked for it in the page", async () => {
  const { home, end } = await serve("127.0.0.1:0", { FORAMEN_TOKEN: TOKEN });
  try {
    const { page } = await openPage(context, home, { state: "lost" });
    for (const given of ["not the token", TOKEN]) {
      await page.waitForSelector("#token[open]");
      await page.fill("#token-field", given);
      await page.keyboard.press("Enter");
    }
    await page.waitForSelector("[data-state=ready]", { state: "attached" });
    await note(page).fill(TEXT);
    await queries(page).first().waitFor();
    const kept = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
    assert.deepEqual(kept, [0, 0, ""]);
    await page.close();
  } finally {
    await end();
  }
});

test("a server that goes leaves the note, and is found again when it comes back", async () => {
  const first = await serve();
  const { page } = await openPage(context, first.home);
  await note(page).fill("Foraminal stenosis at L4-L5.");
  await queries(page).first().waitFor();
  await first.end();
  await page.waitForSelector("#notice .notice");
  await note(page).fill(TEXT);
  const second = await serve(new URL(first.home).host);
  try {
    await page.waitForSelector("[data-state=ready]", { state: "attached" });
    await page.waitForFunction(() => document.querySelectorAll("#queries fieldset").length === 1);
    assert.equal(await note(page).inputValue(), TEXT);
    await page.close();
  } finally {
    await second.end();
  }
});
