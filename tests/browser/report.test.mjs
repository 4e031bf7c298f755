// The page of a run in a real browser. REPORTS is a folder with a folder for each run, SCREENSHOTS (if set) one for pictures.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { assertAccessible } from "./live.mjs";

const reports = process.env.REPORTS;
const screenshots = process.env.SCREENSHOTS;
const profile = mkdtempSync(join(tmpdir(), "foramen-browser-"));
const runs = readdirSync(reports).sort();
const schemes = ["light", "dark"];
const widths = [400, 800, 1280, 2560];

let context;

before(async () => {
  context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
});

after(async () => {
  await context?.close();
  rmSync(profile, { recursive: true, force: true });
});

/** Opens the page of a run, and gives all that should not have happened. */
async function open(run, { scheme = "light", width = 1280 } = {}) {
  const url = pathToFileURL(join(reports, run, "report.html")).href;
  const page = await context.newPage();
  const strange = [];
  page.on("console", (message) => strange.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => strange.push(`error: ${error}`));
  page.on("dialog", (dialog) => strange.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => request.url() === url || strange.push(`request: ${request.url()}`));
  page.on("framenavigated", (frame) => frame.url() === url || strange.push(`navigation: ${frame.url()}`));
  await page.emulateMedia({ colorScheme: scheme });
  await page.setViewportSize({ width, height: 900 });
  await page.goto(url, { waitUntil: "networkidle" });
  return { page, strange };
}

for (const run of runs) {
  for (const scheme of schemes) {
    for (const width of widths) {
      test(`${run}, ${scheme}, ${width} px`, async () => {
        const { page, strange } = await open(run, { scheme, width });
        const wide = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.scrollingElement;
          return { scrollWidth, clientWidth };
        });
        assert.ok(wide.scrollWidth <= wide.clientWidth, `scrolls sideways: ${JSON.stringify(wide)}`);
        await assertAccessible(page, run);
        const [light, dark] = await page.evaluate(() =>
          ["color", "backgroundColor"].map((of) => getComputedStyle(document.documentElement)[of]),
        ).then((colours) => colours.map((rgb) => rgb.match(/\d+/g).reduce((sum, part) => sum + Number(part), 0)));
        assert.equal(light < dark, scheme === "light", "letters are darker than the paper by day alone");
        assert.deepEqual(strange, []);
        if (screenshots) {
          await page.screenshot({ path: join(screenshots, `${run}-${scheme}-${width}.png`), fullPage: true });
        }
        await page.close();
      });
    }
  }
}

test("headings tell what there is, in order", async () => {
  for (const run of runs) {
    const { page } = await open(run);
    const headings = await page.$$eval("h1, h2, h3, h4", (all) => all.map((h) => [Number(h.tagName[1]), h.textContent]));
    assert.deepEqual(headings[0], [1, "Documentation audit"]);
    assert.equal(headings.filter(([depth]) => depth === 1).length, 1);
    headings.reduce((before, [depth, text]) => {
      assert.ok(depth <= before + 1, `${run}: ${text} is ${depth} deep under ${before}`);
      return depth;
    }, 0);
    const titles = headings.filter(([depth]) => depth === 2).map(([, text]) => text);
    for (const title of ["Overview", "What is missing", "What was found", "Flags", "Worst notes", "The run"]) {
      assert.ok(titles.includes(title), `${run} has no ${title}`);
    }
    for (const link of await page.$$eval("nav a", (links) => links.map((a) => a.getAttribute("href")))) {
      assert.ok(await page.$(link), `${run}: ${link} leads nowhere`);
    }
    await page.close();
  }
});

test("each chart is drawn once at every width", async () => {
  for (const width of widths) {
    const { page } = await open("hospital", { width });
    const figures = await page.$$eval("figure", (all) =>
      all.map((figure) => [...figure.querySelectorAll("svg")].filter((svg) => svg.checkVisibility()).length),
    );
    assert.deepEqual(figures, [1, 1]);
    await page.close();
  }
});

test("no text of a note or its metadata is markup", async () => {
  const { page, strange } = await open("hostile");
  assert.equal(await page.evaluate(() => "pwned" in window), false);
  const tags = await page.$$eval("script, iframe, img, object, embed, link, base, form, a:not([href^='#'])", (all) => all.length);
  assert.equal(tags, 0);
  const attributes = await page.$$eval("*", (all) => all.flatMap((e) => e.getAttributeNames()).filter((name) => name.startsWith("on")));
  assert.deepEqual(attributes, []);
  // The words themselves are there to be read.
  assert.ok((await page.textContent("main")).includes("<script>window.pwned = 1</script>"));
  assert.ok(await page.isVisible("h1"));
  assert.deepEqual(strange, []);
  await page.close();
});

test("the keyboard reaches links, tables, maps and queries", async () => {
  const { page } = await open("hospital");
  const reached = new Set();
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement.tagName));
  }
  for (const tag of ["A", "DIV", "SUMMARY", "TEXTAREA"]) {
    assert.ok(reached.has(tag), `no ${tag} among ${[...reached]}`);
  }
  const maps = page.locator("details[name=map]");
  await maps.nth(1).locator("summary").focus();
  await page.keyboard.press("Enter");
  const open_ = await maps.evaluateAll((all) => all.map((map) => map.open));
  assert.deepEqual(open_.slice(0, 2), [false, true], "one map at a time");
  await page.close();
});

test("a query is copied whole", async () => {
  const { page } = await open("one");
  const query = page.locator("textarea").first();
  await query.focus();
  await page.keyboard.press("Control+A");
  const copied = await query.evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
  assert.match(copied, /Please document, in your clinical judgment, the side and the severity of this finding\.\n/);
  assert.match(copied, /^Laterality: left \| right \| bilateral \| other \| unable to determine$/m);
  await page.close();
});

test("it prints", async () => {
  const { page } = await open("hospital");
  const pdf = await page.pdf({ format: "Letter", margin: { top: "15mm", bottom: "15mm", left: "15mm", right: "15mm" } });
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  if (screenshots) {
    await page.pdf({ path: join(screenshots, "hospital.pdf"), format: "Letter", margin: { top: "15mm", bottom: "15mm", left: "15mm", right: "15mm" } });
  }
  await page.close();
});
