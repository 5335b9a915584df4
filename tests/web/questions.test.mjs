// Questions before a maintenance window: does it fit, what if, why so long. The answers are those of
// the command line.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';

import {axeFindings} from '../npm/axe.mjs';
import {bigPlan, button, documentText, emptyPage, eventually, lockstep, openExample, openFiles, root, Site, tab, textIs} from './site.mjs';

const start = '2026-11-22T01:00:00Z';
const uncertain = {
  start,
  durations: {default: {p5: '10s', p50: '30s', p95: '4m'}},
};

let site, page;
before(async () => (site = await Site.open()));
after(() => site.close());

const visit = (name, body, context = {}) =>
  test(name, async () => {
    page = await site.visit('/index.html', {context});
    await openExample(page, 'One change for many');
    if (context.viewport) await tab(page, 'Rollout').click();
    await textIs(page.locator('rollout-pane .head'), /26 tasks/);
    await tab(page, 'Questions').click();
    await body();
    await site.leave(page);
  });

const panel = () => page.locator('rollout-questions');
const said = async () => {
  const text = await panel().locator('pre').innerText();
  assert.ok(text.length > 40, `too short: ${text}`);
  return text;
};
const assume = async (scenario) => {
  await openFiles(page, {'scenario.json': JSON.stringify(scenario)});
  await eventually(async () => assert.equal(await documentText(page), JSON.stringify(scenario)));
};
const fill = async (label, value) => {
  await panel().getByLabel(label).fill(value);
  await panel().getByLabel(label).press('Enter');
};

/** What the command line says of the example with this scenario, beside the schedule. */
function simulate(scenario, ...options) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-questions-'));
  try {
    writeFileSync(join(folder, 'scenario.json'), JSON.stringify(scenario));
    const source = join(root, 'web/examples/tenants');
    return execFileSync(lockstep, [
      'simulate', join(source, 'plan.json'), '--inventory', join(source, 'inventory.json'), '--sheets', source,
      '--scenario', join(folder, 'scenario.json'), ...options,
    ], {encoding: 'utf8'});
  } finally {
    rmSync(folder, {recursive: true});
  }
}

visit('does it fit: percentiles and the odds, as the command line has them', async () => {
  await assume(uncertain);
  const native = simulate(uncertain, '--runs', '1000');
  await eventually(async () => assert.ok(native.includes(await said()), `${await said()}\n---\n${native}`));
  assert.equal(await panel().locator('#makespans tr').count(), 7);
  const p95 = native.match(/at most (.*) in 95%/)[1];
  await textIs(panel().locator('#makespans tr').nth(5), new RegExp(`95% ${p95}`));
  await fill('or done within', '14m');
  await textIs(panel().locator('#said'), /^Simulated once: (fits|does not fit): ends .*2026-11-22T01:14:00Z/);
  await textIs(panel().locator('#chance'), /DONE within 14 min 00 s .*%/);
  assert.match(await documentText(page), /"deadline": ?"14m"/);
  const odds = simulate({...uncertain, deadline: '14m'}, '--runs', '1000');
  await eventually(async () => assert.ok(odds.includes(await said()), `${await said()}\n---\n${odds}`));
  await page.waitForSelector('odds-chart .late');
  await fill('Simulations', '50');
  await textIs(panel().locator('pre'), /^50 simulations/);
});

visit('a window is found by the clocks of its zone', async () => {
  await assume(uncertain);
  await fill('Window', 'Sat 01:00-05:00 Europe/Berlin');
  await textIs(panel().locator('#said'), /^Simulated once: fits: ends .* before the deadline, 2026-11-28T04:00:00Z/);
  await textIs(panel().locator('#chance'), /DONE within 4 h 00 min 100%/);
  await fill('Window', 'Sat 01:00-05:00 Europe/Atlantis');
  await textIs(panel().locator('#said'), /no time zone "Europe\/Atlantis"/);
  assert.equal(await panel().getByLabel('Window').getAttribute('aria-invalid'), 'true');
  await fill('Window', '');
  await textIs(panel().locator('#chance'), /Ends DONE/);
});

visit('tasks on the critical path are selected from the chart', async () => {
  await assume(uncertain);
  const first = panel().locator('#critical button').first();
  const number = (await first.innerText()).match(/^task (\d+)/)[1];
  await first.click();
  await textIs(page.locator('task-panel'), new RegExp(`Task ${number}`));
});

visit('where nothing is uncertain, it says so', async () => {
  await textIs(panel().locator('pre'), /in all of them/);
  await textIs(panel().locator('fit-question'), /nothing is uncertain/);
});

visit('what if: what ends otherwise, is blocked, moves, and what helps', async () => {
  await tab(page, 'What if?').click();
  await textIs(panel(), /Nothing is assumed to go wrong/);
  await tab(page, 'Lanes').click();
  await page.locator('rollout-drawing .task[data-task="11"]').click();
  await button(page, 'Let it fail').click();
  await tab(page, 'Questions').click();
  await textIs(panel().locator('pre'), /^undisturbed DONE after 7 min 20 s, as assumed FAILED/);
  const native = simulate(JSON.parse(await documentOf('scenario.json')));
  assert.ok(native.includes(await said()), native);
  assert.match(await said(), /lockstep (retry|skip) --task 12/);
  await button(page, 'Undo all what-ifs').click();
  await textIs(panel(), /Nothing is assumed to go wrong/);
  // Locks and outages are what-ifs, too: of those who write them.
  await assume({locks: [{target: 'instances/eu', to: '5m'}], outages: [{instance: 'instances/us', to: '1m'}]});
  await textIs(panel().locator('pre'), /as assumed/);
  assert.equal(await button(page, 'Undo all what-ifs').count(), 0);
});

async function documentOf(name) {
  await tab(page, name).click();
  return documentText(page);
}

visit('why so long: waits, use, and what would shorten it', async () => {
  await assume({start, parallel: 2});
  await tab(page, 'Why so long?').click();
  const native = simulate({start, parallel: 2}, '--explain');
  await textIs(panel().locator('pre'), /--parallel/);
  assert.ok(native.includes(await said()), native);
});

visit('what differs on Bytebase: times, order and why, as the command line has them', async () => {
  await assume({start});
  await tab(page, 'What differs on Bytebase?').click();
  await textIs(panel().locator('pre'), /^documented: DONE after .*; bytebase-3\.4: DONE after .*stage-gate/);
  const native = simulate({start}, '--compare');
  assert.ok(native.includes(await said()), native);
  assert.equal(await tab(page, 'How did it go?').count(), 0, 'no run is open');
});

visit('only the newest question is answered', async () => {
  await assume(uncertain);
  for (const runs of ['15000', '14000', '13000', '60']) await fill('Simulations', runs);
  await textIs(panel().locator('pre'), /^60 simulations/);
  await page.waitForTimeout(500);
  await textIs(panel().locator('pre'), /^60 simulations/);
});

test('10,000 tasks: fewer simulations, and an answer within seconds', async () => {
  page = await site.visit();
  await emptyPage(page);
  await openFiles(page, {'big.json': bigPlan(1000, 10_000)});
  await textIs(page.locator('rollout-pane .head'), /10,000 tasks/);
  await tab(page, 'Questions').click();
  await textIs(panel().locator('fit-question'), /of 10,000 tasks no more at once/);
  const begin = Date.now();
  await textIs(panel().locator('pre'), /^40 simulations/);
  assert.ok(Date.now() - begin < 8000, `${Date.now() - begin} ms`);
  await site.leave(page);
});

test('nothing moves by itself when the answers come', async () => {
  page = await site.visit();
  await openExample(page, 'One change for many');
  await textIs(page.locator('rollout-pane .head'), /26 tasks/);
  await assume(uncertain);
  await page.evaluate(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shift += entry.value;
    }).observe({type: 'layout-shift'});
  });
  await tab(page, 'Questions').click();
  await textIs(panel().locator('pre'), /^1000 simulations/);
  await fill('Simulations', '2000');
  await textIs(panel().locator('pre'), /^2000 simulations/);
  assert.ok(await page.evaluate(() => window.shift) < 0.01, `shifted by ${await page.evaluate(() => window.shift)}`);
  await site.leave(page);
});

for (const [name, context] of [
  ['wide, light', {colorScheme: 'light'}],
  ['wide, dark', {colorScheme: 'dark'}],
  ['320 px, dark', {colorScheme: 'dark', viewport: {width: 320, height: 640}}],
  ['forced colours', {forcedColors: 'active'}],
]) {
  visit(`axe: ${name}`, async () => {
    await assume({...uncertain, deadline: '14m', failures: [{target: 'instances/eu/databases/birch', probability: '60%'}]});
    if (context.viewport) await tab(page, 'Rollout').click();
    for (const [question, ready] of [['Does it fit?', 'odds-chart'], ['What if?', 'pre'], ['Why so long?', 'pre'], ['What differs on Bytebase?', 'pre']]) {
      await tab(page, question).click();
      await panel().locator(ready).waitFor();
      assert.deepEqual(await axeFindings(page), [], question);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${question} is wider than the screen`);
      assert.ok(await panel().locator('.answer').evaluate((element) => element.scrollWidth <= element.clientWidth), `${question} scrolls sideways`);
    }
  }, context);
}

visit('by keyboard alone', async () => {
  await assume(uncertain);
  await panel().locator('odds-chart').waitFor(); // tasks to go to are there only with the answer
  await tab(page, 'Questions').focus();
  const names = [];
  for (let i = 0; i < 16; ++i) {
    await page.keyboard.press('Tab');
    names.push(await page.evaluate(() => {
      let {activeElement} = document;
      while (activeElement?.shadowRoot?.activeElement) ({activeElement} = activeElement.shadowRoot);
      return activeElement.innerText || activeElement.labels?.[0]?.innerText || activeElement.localName;
    }));
  }
  for (const wanted of ['Does it fit?', 'Window', 'or done within', 'Simulations', /^task \d+/]) {
    assert.ok(names.some((name) => name.trim().match(wanted)), `${wanted} in ${names}`);
  }
  await tab(page, 'Does it fit?').focus();
  await page.keyboard.press('ArrowRight');
  await textIs(panel(), /Nothing is assumed to go wrong/);
});
