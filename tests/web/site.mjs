// The built page in a browser, with its eyes open: whatever goes wrong in it, and whatever it asks
// the network for, is remembered and checked at the end.

import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {join} from 'node:path';

import {launch} from '../npm/browser.mjs';
import {serve} from '../npm/static-server.mjs';

export const root = join(import.meta.dirname, '../..');
export const dist = join(root, 'web/dist');
export const lockstep = process.env.LOCKSTEP ?? join(root, 'build/release/lockstep');

/** Milliseconds until it is said that something does not happen: a busy machine is slow, a fault is for ever. */
const patience = 120_000;

export class Site {
  /** @param server `{url, close()}`; without one, web/dist and these folders are served as files. */
  static async open(folders = {}, server = null) {
    assert.ok(existsSync(join(dist, 'index.html')), 'web/dist is missing: npm run build in web/');
    const site = new Site();
    site.server = server ?? (await serve({'/': dist, ...folders}));
    site.browser = await launch();
    return site;
  }

  get url() {
    return this.server.url;
  }

  /** A fresh browser profile on the page; `path` with query and fragment. */
  async visit(path = '/index.html', {context: options = {}, ready = true} = {}) {
    const context = await this.browser.newContext({
      viewport: {width: 1400, height: 900},
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      ...options,
    });
    context.setDefaultTimeout(patience);
    const page = await context.newPage();
    page.problems = [];
    page.requests = [];
    page.on('pageerror', (error) => page.problems.push(error.stack ?? String(error)));
    page.on('console', (message) => message.type() === 'error' && page.problems.push(message.text()));
    // What the service worker keeps does not reach the network.
    context.on('response', (response) => response.fromServiceWorker() || page.requests.push(response.url()));
    context.on('requestfailed', (request) => page.requests.push(request.url()));
    await page.goto(this.url + path);
    if (ready) await page.waitForSelector('html[data-ready]');
    return page;
  }

  /** Closes the page, and fails with what went wrong in it. */
  async leave(page) {
    await page.context().close();
    assert.deepEqual(page.problems, []);
    assert.deepEqual(page.requests.filter((url) => !url.startsWith(this.url) && !/^(blob|data):/.test(url)), []);
  }

  async close() {
    await this.browser?.close();
    this.server?.close();
  }
}

// ---- what people do ----

export const tab = (page, name) => page.getByRole('tab', {name});
export const button = (page, name) => page.getByRole('button', {name, exact: true});

export async function openExample(page, title) {
  await page.locator('summary', {hasText: 'Examples'}).click();
  await page.getByRole('button', {name: title}).click();
}

/** Pastes it over the document that is shown. */
export async function typeDocument(page, text) {
  const editor = page.locator('.cm-content');
  await editor.click();
  await page.keyboard.press('Control+a');
  await editor.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}));
  }, text);
}

export const documentText = (page) =>
  page.locator('document-editor').evaluate((editor) => editor.doc.text);

export const openFiles = (page, files) =>
  page.locator('#files').setInputFiles(
    Object.entries(files).map(([name, text]) => ({
      name,
      mimeType: 'text/plain',
      buffer: Buffer.from(text),
    })),
  );

/** As soon as `check` no longer throws. */
export async function eventually(check) {
  const end = Date.now() + patience;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** What stands in an element, or in its shadow. */
export const textOf = (locator) =>
  locator.first().evaluate((element) =>
    element.shadowRoot ? [...element.shadowRoot.children].map((child) => child.innerText).join(' ') : element.innerText ?? element.textContent,
  null, {timeout: 1000});

export const textIs = (locator, pattern) =>
  eventually(async () => assert.match((await textOf(locator)).replace(/\s+/g, ' '), pattern));

export async function emptyPage(page) {
  await page.locator('summary[aria-label="Add a document"]').click();
  await page.getByRole('button', {name: 'New plan, empty'}).click();
  await textIs(page.locator('rollout-pane'), /Nothing to show yet/);
}

/** Plans of any size: `databases` databases in two stages. */
export function bigPlan(databases, specs) {
  const database = (i) => `instances/i${i % 20}/databases/d${i}`;
  const spec = (stage) => (_, i) => ({
    id: `${stage}-${i}`,
    dependsOnSpecs: i >= databases ? [`${stage}-${i - databases}`] : [],
    changeDatabaseConfig: {target: database(i % databases), sheet: `projects/p/sheets/${i % 7}`, type: 'MIGRATE'},
  });
  return JSON.stringify({
    title: 'Many',
    steps: ['one', 'two'].map((title) => ({title, specs: Array.from({length: specs / 2}, spec(title))})),
  }, null, 1);
}
