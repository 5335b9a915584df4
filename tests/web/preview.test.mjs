// <rollout-preview>: one script in any page: from a server, from a file, with and without JavaScript,
// and under a strict policy; light and dark as the page is.

import assert from 'node:assert/strict';
import {cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {pathToFileURL} from 'node:url';

import {axeFindings} from '../npm/axe.mjs';
import {launch} from '../npm/browser.mjs';
import {serve} from '../npm/static-server.mjs';
import {dist, eventually, root} from './site.mjs';

let folder, server, browser;
const example = join(root, 'web/examples/departments');
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src 'self'; style-src 'self'";

const page_ = (body, attributes = '') =>
  `<!doctype html><html lang="en" ${attributes}><head><meta charset="utf-8"><title>Docs</title></head>` +
  `<body><main><h1>Docs</h1>${body}</main><script src="rollout-preview.js"></script></body></html>`;
const fallback = '<p>Two stages, six tasks.</p>';
const inside = (kind, text) =>
  `<script type="application/json" data-kind="${kind}">${text.replaceAll('</script', '<\\/script')}</script>`;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-preview-'));
  mkdirSync(join(folder, 'docs'));
  for (const name of ['plan.json', 'inventory.json']) cpSync(join(example, name), join(folder, name));
  cpSync(join(dist, 'rollout-preview.js'), join(folder, 'rollout-preview.js'));
  const read = (name) => readFileSync(join(example, name), 'utf8');
  const write = (name, html) => writeFileSync(join(folder, name), html);
  write('plain.html', page_(`<rollout-preview src="plan.json" inventory="inventory.json" view="graph">${fallback}</rollout-preview>`));
  write('inline.html', page_(`<rollout-preview>${fallback}${inside('plan', read('plan.json'))}${inside('inventory', read('inventory.json'))}</rollout-preview>`));
  write('dark.html', page_(`<rollout-preview src="plan.json" inventory="inventory.json">${fallback}</rollout-preview>`, 'data-theme="dark"'));
  write('broken.html', page_(`<rollout-preview>${fallback}${inside('plan', '{"steps": [{"title": "</rollout-preview>", "specs": [{"id": 7}]}]}')}</rollout-preview>`));
  write('missing.html', page_(`<rollout-preview src="nowhere.json">${fallback}</rollout-preview>`));
  server = await serve({'/': folder}, policy);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, {recursive: true});
});

async function visit(url, context = {}, expectedErrors = []) {
  const page = await (await browser.newContext(context)).newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && page.problems.push(message.text()));
  await page.goto(url);
  page.leave = async () => {
    await page.context().close();
    assert.deepEqual(page.problems.filter((text) => !expectedErrors.some((pattern) => pattern.test(text))), []);
  };
  return page;
}

test('draws a plan from its site, under a strict policy', async () => {
  const page = await visit(`${server.url}/plain.html`);
  await page.waitForSelector('rollout-preview[drawn]');
  assert.equal(await page.locator('rollout-preview .group').count(), 4);
  assert.equal(await page.getByText('Two stages').isVisible(), false);
  for (const [view, selector] of [['Lanes', '.task'], ['Table', 'tbody tr']]) {
    await page.getByRole('button', {name: view}).click();
    await eventually(async () => assert.equal(await page.locator(`rollout-preview ${selector}`).count(), 6));
    assert.deepEqual(await axeFindings(page), [], view);
  }
  await page.leave();
});

test('works in a page that is opened from a file', async () => {
  const page = await visit(pathToFileURL(join(folder, 'inline.html')).href);
  await page.waitForSelector('rollout-preview[drawn]');
  assert.equal(await page.locator('rollout-preview .task').count(), 6);
  await page.leave();
});

test('without JavaScript what stands inside is shown', async () => {
  const page = await visit(`${server.url}/plain.html`, {javaScriptEnabled: false});
  assert.equal(await page.getByText('Two stages').isVisible(), true);
  await page.leave();
});

test('is dark in a dark page, and on a narrow screen as narrow', async () => {
  const page = await visit(`${server.url}/dark.html`, {colorScheme: 'light', viewport: {width: 320, height: 600}});
  await page.waitForSelector('rollout-preview[drawn]');
  const background = () => page.locator('rollout-preview svg').evaluate((svg) => getComputedStyle(svg).backgroundColor);
  assert.equal(await background(), 'rgb(13, 17, 23)');
  await page.evaluate(() => (document.documentElement.dataset.theme = 'light'));
  await eventually(async () => assert.equal(await background(), 'rgb(255, 255, 255)'));
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.leave();
});

test('a plan with errors, or none: says why, and shows what stands inside', async () => {
  let page = await visit(`${server.url}/broken.html`);
  await page.getByText('The rollout cannot be drawn').waitFor();
  assert.equal(await page.getByText('Two stages').isVisible(), true);
  await page.leave();
  page = await visit(`${server.url}/missing.html`, {}, [/404/]);
  await page.getByText('nowhere.json answered 404').waitFor();
  await page.leave();
});

test('a rollout starts now unless its scenario says when', async () => {
  const page = await visit(`${server.url}/plain.html`);
  await page.waitForSelector('rollout-preview[drawn]');
  await page.getByRole('button', {name: 'Table'}).click();
  const caption = page.locator('rollout-preview .note');
  await eventually(async () => assert.match(await caption.innerText(), /starting 20[2-9]/));
  await page.leave();
});

test('a view that is set while the plan is loading is that of the plan', async () => {
  const page = await visit(`${server.url}/missing.html`, {}, [/404/]);
  await page.getByText('nowhere.json answered 404').waitFor();
  await page.locator('rollout-preview').evaluate((element) => {
    element.setAttribute('src', 'plan.json');
    element.setAttribute('inventory', 'inventory.json');
    element.setAttribute('view', 'table');
  });
  await eventually(async () =>
    assert.equal(await page.locator('rollout-preview tbody tr').count(), 6));
  await page.leave();
});
