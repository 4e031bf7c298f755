// What the tests of the live page share: a browser, the page in it, and what to hold it to (the report as well).

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** A browser with nothing kept from before; `close` leaves nothing of it. */
export async function launch() {
  const profile = mkdtempSync(join(tmpdir(), "foramen-page-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const close = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  return { context, close };
}

/** Opens the page of an address, and gives all that should not have happened. */
export async function openPage(context, home, { scheme = "light", width = 1280, hash = "", state = "ready" } = {}) {
  const page = await context.newPage();
  const strange = [];
  page.on("console", (message) => strange.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => strange.push(`error: ${error}`));
  page.on("request", (request) => request.url().startsWith(home) || strange.push(`request: ${request.url()}`));
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  await page.setViewportSize({ width, height: 900 });
  await page.goto(home + hash);
  await page.waitForSelector(`[data-state=${state}]`, { state: "attached" });
  return { page, strange };
}

export const note = (page) => page.locator("#text");
export const queries = (page) => page.locator("#queries article");
export const noQuery = (page) => page.waitForFunction(() => document.querySelectorAll("#queries article").length === 0);

export async function assertAccessible(page, what) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate((runOnly) => globalThis.axe.run(document, { runOnly }), standards);
  assert.deepEqual(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${what}: ${id}: ${node.html}`)), []);
}
