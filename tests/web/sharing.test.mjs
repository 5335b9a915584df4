// Share links, and print.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';

import {button, documentText, openExample, openFiles, Site, tab, textIs} from './site.mjs';

let site, page;
before(async () => (site = await Site.open()));
after(() => site.close());

async function shareLink() {
  await button(page, 'Share…').click();
  return page.getByRole('textbox', {name: 'Link'}).inputValue();
}

test('a link carries the documents, and no SQL unless somebody says so', async () => {
  page = await site.visit();
  await openExample(page, 'One change for many');
  await textIs(page.locator('rollout-pane .head'), /26 tasks/);
  const plan = await documentText(page);
  const link = await shareLink();
  const other = await site.visit(link.slice(site.url.length));
  await textIs(other.locator('rollout-pane .head'), /26 tasks/);
  assert.equal(await documentText(other), plan);
  assert.equal(await tab(other, '1.sql').count(), 0);
  assert.equal(new URL(other.url()).hash, '');
  await site.leave(other);

  await page.getByLabel(/With the sheets/).check();
  await page.getByText('This link holds your SQL.').waitFor();
  await page.waitForFunction((before) => {
    const dialog = document.querySelector('lockstep-app').shadowRoot.querySelector('share-dialog');
    return dialog.shadowRoot.querySelector('textarea').value !== before;
  }, link);
  const whole = await page.getByRole('textbox', {name: 'Link'}).inputValue();
  const third = await site.visit(whole.slice(site.url.length));
  await tab(third, '1.sql').waitFor();
  await site.leave(third);
  await site.leave(page);
});

test('a link takes nothing away of what somebody has worked on', async () => {
  page = await site.visit();
  await openExample(page, 'One change for many');
  const link = await shareLink();
  await page.keyboard.press('Escape');
  await openFiles(page, {'mine.json': '{"steps": []}'});
  await tab(page, 'mine.json').waitFor();
  await page.goto('about:blank');
  await page.goto(link);
  await textIs(page.locator('rollout-pane .head'), /26 tasks/);
  await textIs(page.locator('.notice'), /mine\.json was replaced/);
  await button(page, 'Undo').click();
  await tab(page, 'mine.json').waitFor();
  await site.leave(page);
});

test('a damaged link says so, and what was open stays', async () => {
  page = await site.visit('/index.html#v1:bm90aGluZw');
  await page.getByText('This share link is damaged').waitFor();
  await textIs(page.locator('rollout-pane .head'), /6 tasks/);
  await button(page, 'Dismiss').click();
  await site.leave(page);
});

test('what is printed is drawings and table', async () => {
  page = await site.visit();
  await page.evaluate(() => {
    window.print = () => {
      const paper = document.querySelector('lockstep-app').shadowRoot.querySelector('print-paper').shadowRoot;
      window.printed = {text: paper.textContent, drawings: paper.querySelectorAll('svg').length};
    };
  });
  await button(page, 'Print').click();
  const printed = await (await page.waitForFunction(() => window.printed)).jsonValue();
  assert.equal(printed.drawings, 2);
  assert.match(printed.text, /Departments get a table of their own/);
  await page.evaluate(() => (window.printed = undefined));
  await page.keyboard.press('Control+p');
  assert.equal(await (await page.waitForFunction(() => window.printed)).evaluate(({drawings}) => drawings), 2);
  // The browser's own menu cannot wait for the core: it prints what is shown.
  await page.emulateMedia({media: 'print'});
  assert.ok(await page.locator('rollout-drawing').first().isVisible());
  assert.ok(!(await page.locator('documents-pane').isVisible()));
  await site.leave(page);
});
