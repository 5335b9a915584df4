// Rollouts of the server that the page comes from: listed, opened, followed while they go on, told what
// to do; with a token, over connections that are lost; and nothing of that on any other site.

import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, afterEach, before, beforeEach, test} from 'node:test';

import {axeFindings} from '../npm/axe.mjs';
import {LiveServer} from './live_server.mjs';
import {button, eventually, lockstep, openExample, root, Site, tab, textIs} from './site.mjs';

const name = 'projects/hr/rollouts/101';
const direct = `/?rollout=${name}`;
const task = (number, stage = 1) => `${name}/stages/${stage}/tasks/${number}`;

let folder, exported, server, site;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-web-'));
  cpSync(join(root, 'native/example'), folder, {recursive: true});
  for (const database of ['test', 'prod-eu', 'prod-us']) {
    mkdirSync(join(folder, 'data', database), {recursive: true});
    execFileSync('sqlite3', [join(folder, 'data', database, 'hr.db'), '.read before.sql'], {cwd: folder});
  }
  writeFileSync(join(folder, 'sheets/102-department-rows.sql'), 'SELECT 1;\nINSERT INTO nowhere VALUES (1);\n');
  const run = spawnSync(lockstep, ['run', 'plan.json'], {cwd: folder, encoding: 'utf8'});
  assert.equal(run.status, 1, run.stderr);
  exported = JSON.parse(execFileSync(lockstep, ['rollout', 'export'], {cwd: folder, encoding: 'utf8'}));
  site = await Site.open({}, {url: '', close() {}});
});
after(async () => {
  await site?.close();
  rmSync(folder, {recursive: true});
});
beforeEach(async () => (site.server = server = await LiveServer.start(exported)));
afterEach(() => server.close());

/** How many events there are up to the first one of that type of task number `of`. */
const upTo = (type, of) =>
  exported.events.findIndex((event) => event.type === type && event.task?.endsWith(`/tasks/${of}`)) + 1;
const head = (page) => page.locator('rollout-pane .head');
const panel = (page) => page.locator('task-panel');
const taskOf = (page, number, state = '') => page.locator(`rollout-drawing .task${state}[data-task="${number - 1}"]`);
const following = (page) => button(page, 'Stop following').waitFor();
/** Chromium tells of every request that fails; here they have to. */
const mayFail = (page) => {
  page.problems = page.problems.filter((text) => !/Failed to load resource|net::ERR_/.test(text));
};

test('lists the rollouts, opens one, and shows what happens as it happens', async () => {
  server.tell(upTo('task_run_started', 1));
  const page = await site.visit('/');
  assert.deepEqual(server.asked, [], 'nothing is asked before somebody wants it');
  await page.locator('summary', {hasText: 'Rollouts'}).click();
  await page.getByRole('button', {name: /RUNNING Departments 101/}).click();
  await textIs(head(page), /RUNNING after .* live/);
  for (const document of ['plan.json', 'inventory.json', '101.sql', '102.sql']) await tab(page, new RegExp(document)).waitFor();
  assert.equal(new URL(page.url()).search, `?rollout=${name}`);
  await taskOf(page, 1, '.running').waitFor();
  server.tell(upTo('task_run_ended', 1));
  await taskOf(page, 1, '.done').waitFor();
  await tab(page, 'Table').click();
  await textIs(page.locator('task-table tbody tr').nth(1), /NOT_STARTED|PENDING/);
  server.tell(exported.events.length);
  await textIs(page.locator('task-table tbody tr').nth(1), /FAILED/);
  await page.locator('task-table tbody tr').nth(1).click();
  await textIs(panel(page), /Output.*no such table: nowhere/);
  await textIs(head(page), /FAILED after .* live/);
  assert.equal(server.streamed.length, 1);
  assert.equal(server.streamed[0].lastEventId, String(upTo('task_run_started', 1)));
  await site.leave(page);
});

test('an address opens it, also after a reload; other documents end that', async () => {
  server.tell(upTo('task_run_started', 1));
  const page = await site.visit(direct);
  await textIs(head(page), /RUNNING/);
  await page.reload();
  await page.waitForSelector('html[data-ready]');
  await textIs(head(page), /RUNNING .* live/);
  await openExample(page, 'One change');
  await textIs(head(page), /26 tasks/);
  assert.equal(new URL(page.url()).search, '');
  await button(page, 'Stop following').waitFor({state: 'detached'});
  server.tell(exported.events.length);
  await textIs(head(page), /26 tasks/);
  await site.leave(page);
});

test('a rollout that has ended is no longer followed, and its output is there', async () => {
  server.tell(upTo('task_run_ended', 1));
  const page = await site.visit(direct);
  await following(page);
  server.tell(exported.events.length);
  server.end();
  await button(page, 'Stop following').waitFor({state: 'detached'});
  await textIs(head(page), /FAILED after (?!.*live)/);
  assert.equal(new URL(page.url()).search, `?rollout=${name}`);
  await taskOf(page, 2, '.failed').click();
  await textIs(panel(page), /Output.*no such table/);
  // It may go on when somebody wishes it.
  await button(page, 'Run').click();
  await eventually(() => assert.equal(server.streamed.length, 2));
  assert.equal(server.streamed[1].lastEventId, String(exported.events.length));
  await site.leave(page);
});

test('tells the server what to do with a task, as far as its status allows', async () => {
  const page = await site.visit(direct);  // before its first event
  await textIs(head(page), /NOT_STARTED/);
  await taskOf(page, 6, '.not_started').waitFor();
  await tab(page, 'Table').click();
  const row = (number) => page.locator('task-table tbody tr').nth(number - 1);
  await row(1).click();
  await textIs(panel(page), /Runs not yet: /);
  assert.ok(await button(page, 'Cancel').isDisabled());
  await button(page, 'Run').click();
  await eventually(() => assert.equal(server.posts.length, 1));
  assert.deepEqual(server.posts[0], {path: `/v1/${name}/stages/1/tasks:batchRun`, body: {tasks: [task(1)]}});

  server.tell(upTo('task_run_started', 1));
  await textIs(row(1), /RUNNING/);
  assert.ok(await button(page, 'Run').isDisabled());
  assert.ok(await button(page, 'Skip…').isDisabled());
  server.refusal = {status: 400, body: {code: 9, message: 'task 1 has ended meanwhile', details: []}};
  await button(page, 'Cancel').click();
  await textIs(page.locator('.notice'), /task 1 has ended meanwhile/);
  await button(page, 'Cancel').click();
  await eventually(() => assert.equal(server.posts.length, 3));
  assert.deepEqual(server.posts[2], {
    path: `/v1/${name}/stages/1/tasks/-/taskRuns:batchCancel`,
    body: {taskRuns: [`${task(1)}/taskRuns/1`]},
  });

  server.tell(exported.events.length);
  await textIs(row(2), /FAILED/);
  await row(2).click();
  await button(page, 'Skip…').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', {name: 'Skip task 2?'}).waitFor();
  await page.keyboard.press('Escape');
  await button(page, 'Skip…').click();
  await page.getByRole('textbox', {name: 'Reason'}).fill('applied by hand');
  await page.keyboard.press('Enter');
  await eventually(() => assert.equal(server.posts.length, 4, 'Escape skips nothing'));
  assert.deepEqual(server.posts[3], {
    path: `/v1/${name}/stages/1/tasks:batchSkip`,
    body: {tasks: [task(2)], reason: 'applied by hand'},
  });
  await row(1).click();
  await textIs(panel(page), /DONE/);
  assert.equal(await button(page, 'Run').count(), 0);
  mayFail(page);
  await site.leave(page);
});

test('a lost connection is said, and goes on behind the last event', async () => {
  server.tell(upTo('task_run_started', 1));
  const page = await site.visit(direct);
  await following(page);
  server.tell(upTo('task_run_ended', 1));
  await taskOf(page, 1, '.done').waitFor();
  server.drop();
  await page.getByText('The connection to the server is lost').waitFor();
  await page.getByText('The connection to the server is lost').waitFor({state: 'detached'});
  assert.equal(server.streamed.length, 2);
  assert.equal(server.streamed[1].lastEventId, String(upTo('task_run_ended', 1)));
  server.tell(exported.events.length);
  await textIs(head(page), /FAILED .* live/);

  // The whole server goes away and comes back.
  const {port} = server.http.address();
  server.close();
  await page.getByText('The connection to the server is lost').waitFor();
  site.server = server = await LiveServer.start(exported, port);
  server.tell(exported.events.length);
  await page.getByText('The connection to the server is lost').waitFor({state: 'detached'});
  assert.equal(server.streamed[0].lastEventId, String(exported.events.length));
  mayFail(page);
  await site.leave(page);
});

test('asks for a token once, again when it is wrong, and keeps it in the tab', async () => {
  server.token = 'secret';
  server.tell(exported.events.length);
  const page = await site.visit(direct, {ready: false});
  const token = page.getByLabel('Token', {exact: true});
  await token.fill('wrong');
  await button(page, 'Continue').click();
  await page.getByText('That one was not accepted.').waitFor();
  await token.fill('secret');
  await page.keyboard.press('Enter');
  await textIs(head(page), /FAILED .* live/);
  await eventually(() => assert.equal(server.streamed.at(-1)?.authorization, 'Bearer secret'));
  assert.deepEqual(await page.evaluate(() => ({...localStorage})), {});
  await page.reload();
  await page.waitForSelector('html[data-ready]');
  await textIs(head(page), /FAILED .* live/);
  assert.equal(await token.isVisible(), false);

  await page.evaluate(() => sessionStorage.clear());
  await page.reload();
  await token.waitFor();
  await page.keyboard.press('Escape');
  await textIs(page.locator('.notice'), /only those who have its token/);
  mayFail(page);
  await site.leave(page);
});

test('what cannot be opened is said', async () => {
  let page = await site.visit('/?rollout=projects/hr/rollouts/7');
  await textIs(page.locator('.notice'), /projects\/hr\/rollouts\/7:export was not found/);
  mayFail(page);
  await site.leave(page);
  for (const wrong of ['..%2F..%2Fsecret', 'projects/../rollouts/1']) {
    const before = server.asked.length;
    page = await site.visit(`/?rollout=${wrong}`);
    await textIs(page.locator('.notice'), /is no rollout/);
    assert.equal(server.asked.length, before);
    await site.leave(page);
  }
});

test('no service worker stands between the page and its server', async () => {
  server.tell(exported.events.length);
  const page = await site.visit('/');
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
  // One that a page without a server left behind on this address.
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('./service-worker.js');
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller)
      await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, {once: true}));
  });
  await page.goto(server.url + direct);
  await page.waitForSelector('html[data-ready]');
  await textIs(head(page), /FAILED .* live/);
  await eventually(async () => assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0));
  await site.leave(page);
});

test('on another site nothing is asked of anybody', async () => {
  const elsewhere = await Site.open();
  try {
    const page = await elsewhere.visit(direct);
    await textIs(page.locator('.notice'), /does not come from a Lockstep server/);
    assert.equal(await page.locator('rollout-menu').count(), 0);
    assert.deepEqual(page.requests.filter((url) => url.includes('/v1')), []);
    await elsewhere.leave(page);
  } finally {
    await elsewhere.close();
  }
});

for (const [screen, context] of [
  ['wide, light', {colorScheme: 'light'}],
  ['wide, dark', {colorScheme: 'dark'}],
  ['320 px, light', {colorScheme: 'light', viewport: {width: 320, height: 640}}],
  ['320 px, dark', {colorScheme: 'dark', viewport: {width: 320, height: 640}}],
]) {
  test(`axe: ${screen}`, async () => {
    server.tell(exported.events.length);
    const page = await site.visit(direct, {context});
    const look = async (where) => {
      assert.deepEqual(await axeFindings(page), [], where);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${where} is wider than the screen`);
      if (process.env.LOCKSTEP_PICTURES)
        await page.screenshot({path: join(process.env.LOCKSTEP_PICTURES, `${screen}-${where}.png`.replaceAll(' ', '-'))});
    };
    await taskOf(page, 2, '.failed').click();
    await button(page, 'Run').waitFor();
    await look('live');
    server.away = true;
    server.drop();
    await page.getByText('The connection to the server is lost').waitFor();
    await look('lost');
    assert.ok(await page.getByText('The connection to the server is lost').isVisible());
    await button(page, 'Run').click();
    await textIs(page.locator('.notice'), /The server answered 502/);
    await look('refused');
    server.away = false;
    await page.locator('summary', {hasText: 'Rollouts'}).click();
    await page.getByRole('button', {name: /Departments/}).waitFor();
    await look('menu');
    await page.keyboard.press('Escape');
    await button(page, 'Skip…').click();
    await page.getByRole('textbox', {name: 'Reason'}).waitFor();
    await look('dialog');
    mayFail(page);
    await site.leave(page);
  });
}
