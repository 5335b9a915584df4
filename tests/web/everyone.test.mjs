// For everyone: no finding of axe-core in any view, light and dark, wide and narrow; all by keyboard.

import assert from 'node:assert/strict';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {pathToFileURL} from 'node:url';

import {axeFindings} from '../npm/axe.mjs';
import {button, openExample, root, Site, tab, textIs} from './site.mjs';

let site;
before(async () => (site = await Site.open()));
after(() => site.close());

const screens = [
  ['wide, light', {colorScheme: 'light'}],
  ['wide, dark', {colorScheme: 'dark'}],
  ['320 px, light', {colorScheme: 'light', viewport: {width: 320, height: 640}}],
  ['320 px, dark', {colorScheme: 'dark', viewport: {width: 320, height: 640}}],
  ['forced colours', {forcedColors: 'active'}],
];

for (const [name, context] of screens) {
  test(`axe: ${name}`, async () => {
    const page = await site.visit('/index.html', {context});
    const narrow = context.viewport?.width === 320;
    const look = async (where) => assert.deepEqual(await axeFindings(page), [], where);
    const noSidewaysScrolling = async (where) =>
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${where} is wider than the screen`);
    await look('documents');
    await noSidewaysScrolling('documents');
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+f');
    await page.locator('.cm-search').waitFor();
    await look('search');
    await page.keyboard.press('Escape');
    await tab(page, 'Outline').click();
    await look('outline');
    if (narrow) await tab(page, 'Rollout').click();
    await openExample(page, 'One change for many');
    await textIs(page.locator('rollout-pane .head'), /26 tasks/);
    await page.locator('rollout-drawing .task').nth(4).click();
    await button(page, 'Let it fail').click();
    await page.locator('scenario-bar summary').click();
    for (const view of ['Lanes', 'Graph', 'Table', 'Questions']) {
      await tab(page, view).click();
      await page.waitForSelector({Table: 'task-table', Questions: 'rollout-questions pre'}[view] ?? 'rollout-drawing');
      await look(view);
      await noSidewaysScrolling(view);
    }
    await button(page, 'Share…').click();
    await page.getByRole('textbox', {name: 'Link'}).waitFor();
    await look('share');
    await site.leave(page);
  });
}

for (const [name, context] of screens) {
  test(`axe: the page that lockstep render makes, ${name}`, async () => {
    const page = await (await site.browser.newContext(context)).newPage();
    await page.goto(pathToFileURL(join(root, 'tests/drawings/tenants-failure.html')).href);
    assert.deepEqual(await axeFindings(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await page.context().close();
  });
}

test('by keyboard alone, always with a visible focus', async () => {
  const page = await site.visit();
  const seen = new Set();
  for (let i = 0; i < 60; ++i) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      let {activeElement} = document;
      while (activeElement?.shadowRoot?.activeElement) ({activeElement} = activeElement.shadowRoot);
      const style = getComputedStyle(activeElement);
      const editor = activeElement.classList.contains('cm-content');
      return {
        name: activeElement.getAttribute('aria-label') ?? activeElement.textContent.trim().slice(0, 40),
        tag: activeElement.localName,
        visible: editor || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0),
      };
    });
    if (focus.tag === 'body') break;
    assert.ok(focus.visible, `no visible focus on ${focus.tag} "${focus.name}"`);
    seen.add(focus.name);
  }
  for (const name of ['Open…', 'Examples', 'Share…', 'plan.json', 'Lanes', 'Play', 'Time']) {
    assert.ok([...seen].some((text) => text.startsWith(name)), `Tab never comes to ${name}: ${[...seen]}`);
  }
  await site.leave(page);
});

test('the border between documents and rollout moves, by keys and by pointer', async () => {
  const page = await site.visit();
  const splitter = page.getByRole('separator', {name: 'Width of the documents'});
  const left = async () => (await splitter.boundingBox()).x;
  const before = await left();
  await splitter.focus();
  await page.keyboard.press('ArrowRight');
  assert.ok((await left()) > before + 10);
  const box = await splitter.boundingBox();
  await page.mouse.move(box.x + 3, 400);
  await page.mouse.down();
  await page.mouse.move(500, 400, {steps: 4});
  await page.mouse.up();
  assert.ok(Math.abs((await left()) - 500) < 10);
  await site.leave(page);
});

test('nothing moves while it loads', async () => {
  const page = await site.visit('/index.html', {ready: false});
  await page.waitForSelector('html[data-ready]');
  await page.locator('rollout-drawing svg').waitFor();
  const shift = await page.evaluate(() => new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) sum += entry.value;
    }).observe({type: 'layout-shift', buffered: true});
    setTimeout(() => resolve(sum), 300);
  }));
  assert.ok(shift < 0.05, `layout shift ${shift}`);
  await site.leave(page);
});
