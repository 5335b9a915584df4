// The rollout: views, selection, player, what-ifs, assumptions, many tasks, drawings equal to those
// of the command line.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';

import {matchesGolden} from '../npm/golden.mjs';
import {bigPlan, button, documentText, emptyPage, eventually, lockstep, openExample, openFiles, root, Site, tab, textIs, textOf} from './site.mjs';

let site, page;
before(async () => (site = await Site.open()));
after(() => site.close());

const visit = (name, body, context = {}) =>
  test(name, async () => {
    page = await site.visit('/index.html', {context});
    await openExample(page, 'One change for many');
    await textIs(page.locator('rollout-pane .head'), /26 tasks/);
    await bar(25).waitFor();
    await body();
    await site.leave(page);
  });

const bar = (task) => page.locator(`rollout-drawing .task[data-task="${task}"]`);
const panel = () => page.locator('task-panel');

visit('one selection in all views', async () => {
  await bar(2).click();
  await textIs(panel(), /Task 3/);
  await page.waitForSelector('.selected-elsewhere');
  await tab(page, 'Graph').click();
  assert.equal(await page.locator('.group.selected').getAttribute('data-task'), '2');
  await tab(page, 'Table').click();
  assert.match(await page.locator('tr[aria-selected="true"]').innerText(), /^3\s/);
  await page.getByRole('button', {name: 'Select task 12', exact: true}).click();
  await textIs(panel(), /Task 12/);
  await tab(page, 'Lanes').click();
  await page.waitForSelector('.task.selected[data-task="11"]');
  await tab(page, 'Outline').click();
  assert.match(await page.locator('plan-outline [aria-current]').innerText(), /fd724452/);
});

visit('arrow keys walk along lanes and between them', async () => {
  await bar(2).click();
  await page.locator('rollout-drawing').focus();
  await page.keyboard.press('ArrowRight');
  await textIs(panel(), /Task 11/);
  await page.keyboard.press('ArrowDown');
  await textIs(panel(), /Task 12/);
  await page.keyboard.press('ArrowLeft');
  await textIs(panel(), /Task 4/);
  await textIs(page.locator('rollout-pane p[role=status]'), /Task 4, .* on eu\/birch: DONE/);
});

visit('the table sorts and searches', async () => {
  await tab(page, 'Table').click();
  const first = () => page.locator('task-table tbody tr:not(.spacer)').first().innerText();
  await page.getByRole('button', {name: 'End', exact: true}).click();
  await page.getByRole('button', {name: /^End/}).click();
  await eventually(async () => assert.match(await first(), /7 min 20 s/));
  assert.equal(await page.locator('th[aria-sort=descending]').innerText(), 'End ↓');
  await page.getByLabel('Find').fill('harbor');
  await textIs(page.locator('task-table'), /3 of 26 tasks/);
});

visit('the cursor tells who runs and why others wait', async () => {
  await page.getByRole('slider', {name: 'Time'}).fill('100000');
  await textIs(page.locator('time-player output'), /1 min 40 s of 7 min 20 s/);
  await bar(4).click();
  await textIs(panel(), /At 1 min 40 s RUNNING/);
  await bar(10).click();
  await textIs(panel(), /NOT_STARTED for task \d+ \(dependency\)/);
  await button(page, 'Step forward').click();
  await textIs(page.locator('time-player output'), /2 min 00 s/);
  await button(page, 'Step back').click();
  await button(page, 'Step back').click();
  await textIs(page.locator('time-player output'), /1 min 20 s/);
});

visit('plays to the end and stops there', async () => {
  await page.locator('time-player select').selectOption('4');
  await button(page, 'Play').click();
  await page.waitForSelector('.task.ahead');
  await button(page, 'Pause').click();
  const text = await textOf(page.locator('time-player output'));
  await button(page, 'Play').click();
  await button(page, 'Play').waitFor();
  assert.notEqual(await textOf(page.locator('time-player output')), text);
  await textIs(page.locator('time-player output'), /7 min 20 s of 7 min 20 s/);
  assert.equal(await page.locator('.task.ahead').count(), 0);
});

visit('without motion it goes from event to event', async () => {
  await button(page, 'Play').click();
  await textIs(page.locator('time-player output'), /^20 s of/);
  await textIs(page.locator('time-player output'), /^1 min 20 s of/);
}, {reducedMotion: 'reduce'});

visit('what if a task fails, is skipped, takes longer', async () => {
  await bar(11).click();
  await button(page, 'Let it fail').click();
  await textIs(page.locator('rollout-pane .head'), /FAILED .* undisturbed \(DONE after 7 min 20 s\)/);
  await textIs(page.locator('rollout-pane .tally'), /8 BLOCKED/);
  await page.waitForSelector('.task.blocked');
  await tab(page, 'Table').click();
  await textIs(page.locator('task-table'), /blocked by task 12/);
  await button(page, 'Fails').click();
  await textIs(page.locator('rollout-pane .head'), /^((?!undisturbed).)*$/);
  await button(page, 'Skip it').click();
  await textIs(page.locator('rollout-pane .head'), /as long as undisturbed/);
  await textIs(panel(), /SKIPPED/);
  await button(page, 'Skipped').click();
  await page.locator('task-panel input').fill('10m');
  await page.locator('task-panel input').press('Enter');
  await button(page, 'Let it take longer').click();
  await textIs(page.locator('rollout-pane .head'), /8 min 00 s longer than undisturbed/);
  await tab(page, 'scenario.json').click();
  assert.match(await documentText(page), /"by": "10m"/);
  await button(page, 'Undo all what-ifs').click();
  await textIs(page.locator('rollout-pane .head'), /DONE after 7 min 20 s/);
});

visit('what-ifs are undone together, without what somebody wrote into the scenario', async () => {
  const spec = '1710cf53-27ac-435a-ba97-c643656412a9';
  const written = JSON.stringify({
    failures: [{spec, attempts: 1}],
    commands: [{at: '90s', retry: [{spec}]}],
    outages: [{instance: 'instances/us', to: '1m'}],
  }, null, 2);
  await openFiles(page, {'scenario.json': written});
  await tab(page, 'plan.json').click();
  await bar(11).click();
  for (const name of ['Let it fail', 'Skip it', 'Let it take longer']) await button(page, name).click();
  await button(page, 'Undo all what-ifs').click();
  await button(page, 'Undo all what-ifs').waitFor({state: 'detached'});
  await textIs(page.locator('#comparison'), /undisturbed/);
  await tab(page, 'scenario.json').click();
  assert.deepEqual(JSON.parse(await documentText(page)), JSON.parse(written));
});

visit('what a task was at a time: blocked since another failed, and failed before its retry', async () => {
  const at = async (time) => page.getByRole('slider', {name: 'Time'}).fill(String(time));
  const first = 'b8a1abcd-1a69-46c7-8da4-f9fc3c6da5d7';
  await openFiles(page, {'scenario.json': JSON.stringify({durations: {default: '10s'}, failures: [{spec: first, attempts: 1}]})});
  await textIs(page.locator('rollout-pane .head'), /FAILED after 10 s/);
  const blocked = page.locator('rollout-drawing .task.blocked').first();
  await blocked.click();
  await textIs(panel(), /At 10 s BLOCKED blocked by task/);
  await at(0);
  await textIs(panel(), /At 0 ms NOT_STARTED for task/);
  await page.waitForSelector('.task.blocked.ahead');
  await textIs(page.locator('rollout-pane .tally'), /^((?!BLOCKED).)*$/);

  const retried = {durations: {default: '10s'}, failures: [{spec: first, attempts: 1}], commands: [{at: '30s', retry: [{spec: first}]}]};
  await openFiles(page, {'scenario.json': JSON.stringify(retried)});
  await textIs(page.locator('rollout-pane .head'), /DONE/);
  await bar(0).click();
  for (const [time, status] of [[5000, 'RUNNING'], [20000, 'FAILED'], [35000, 'RUNNING'], [45000, 'DONE']]) {
    await at(time);
    await textIs(panel(), new RegExp(`At \\d+ s ${status}`));
  }
  await at(20000);
  await textIs(page.locator('rollout-pane .tally'), /1 FAILED/);

  const skipped = {durations: {default: '10s'}, commands: [{at: '5s', skip: [{spec: '1710cf53-27ac-435a-ba97-c643656412a9'}]}]};
  await openFiles(page, {'scenario.json': JSON.stringify(skipped)});
  await at(0);
  await textIs(page.locator('rollout-pane .tally'), /^((?!SKIPPED).)*$/);
  await at(6000);
  await textIs(page.locator('rollout-pane .tally'), /SKIPPED/);
});

visit('a scenario with mistakes is a finding, and the page goes on', async () => {
  const found = (pattern) => textIs(page.locator('problem-list'), pattern);
  await bar(11).click();
  await page.locator('scenario-bar summary').click();
  await openFiles(page, {'scenario.json': '{"start": "tomorrow"}'});
  await found(/"tomorrow" is not an RFC 3339 time/);
  for (const [text, pattern] of [['[]', /this is an array/], ['null', /this is null/], ['{"durations": []}', /expected an object for "durations"/]]) {
    await openFiles(page, {'scenario.json': text});
    await found(pattern);
    await page.getByLabel('A task takes').fill('5s');
    await page.getByLabel('A task takes').press('Enter');
    if (text !== '{"durations": []}') await button(page, 'Let it fail').click();
    await found(pattern);
  }
  await openFiles(page, {'scenario.json': '{}'});
  await found(/No problems found/);
  await page.getByLabel('Time zone').selectOption('Europe/Berlin');
  // As it is while somebody types the year.
  for (const year of ['0002', '0020', '0202', '20266', '2026']) {
    await page.getByLabel('Starts').evaluate((input, value) => {
      input.value = value;
      input.dispatchEvent(new Event('change'));
    }, `${year}-12-01T22:00:00`);
  }
  await tab(page, 'scenario.json').click();
  await eventually(async () => assert.deepEqual(JSON.parse(await documentText(page)), {start: '2026-12-01T21:00:00Z'}));
  assert.equal(await page.getByLabel('Starts').inputValue(), '2026-12-01T22:00');
});

visit('caps, durations and the start are assumptions', async () => {
  await page.locator('scenario-bar summary').click();
  await page.getByLabel('At once at most').fill('1');
  await page.getByLabel('At once at most').press('Enter');
  await textIs(page.locator('rollout-pane .head'), /after (2\d|3\d) min/);
  await page.getByLabel('Time zone').selectOption('America/New_York');
  await page.getByLabel('Starts').fill('2026-12-01T22:00:00');
  await page.getByLabel('Starts').press('Enter');
  await tab(page, 'scenario.json').click();
  await eventually(async () => assert.match(await documentText(page), /"start": "2026-12-02T03:00:00Z"/));
  await tab(page, 'Lanes').click();
  await bar(0).click();
  await textIs(panel(), /1 Dec 2026, 22:00:00/);
  await page.reload();
  await page.locator('scenario-bar summary').click();
  assert.equal(await page.getByLabel('Time zone').inputValue(), 'America/New_York');
});

visit('the drawings are as they were', async () => {
  await matchesGolden(page.locator('rollout-drawing'), join(import.meta.dirname, 'golden/lanes-light.png'));
  await tab(page, 'Graph').click();
  await page.waitForSelector('.group');
  await matchesGolden(page.locator('rollout-drawing'), join(import.meta.dirname, 'golden/graph-light.png'));
  await page.getByRole('combobox', {name: 'Theme'}).selectOption('dark');
  await matchesGolden(page.locator('rollout-drawing'), join(import.meta.dirname, 'golden/graph-dark.png'));
});

test('what the page saves is what lockstep render draws, byte for byte', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-web-'));
  page = await site.visit();
  try {
    for (const example of ['departments', 'documents', 'tenants']) {
      const source = join(root, 'web/examples', example);
      const title = {departments: 'A change for test', documents: 'The plan of the API', tenants: 'One change'}[example];
      await openExample(page, title);
      const scenario = {...(example === 'tenants' ? JSON.parse(readFileSync(join(source, 'scenario.json'))) : {}), start: '2026-12-01T22:00:00Z'};
      const scenarioText = JSON.stringify(scenario);
      writeFileSync(join(folder, 'scenario.json'), scenarioText);
      await openFiles(page, {'scenario.json': scenarioText});
      await eventually(async () => assert.equal(await documentText(page), scenarioText));
      await page.waitForTimeout(0);
      for (const [entry, file, options] of [
        ['Lanes as SVG', 'lanes.svg', ['--view', 'lanes']],
        ['Graph as SVG', 'graph.svg', ['--view', 'graph']],
        ['All as HTML page', 'rollout.html', ['--format', 'html']],
      ]) {
        await page.locator('summary', {hasText: 'Save'}).click();
        const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', {name: entry}).click()]);
        assert.equal(download.suggestedFilename(), file);
        const native = execFileSync(lockstep, [
          'render', join(source, 'plan.json'), '--inventory', join(source, 'inventory.json'), '--sheets', source,
          '--scenario', join(folder, 'scenario.json'), ...options,
        ], {encoding: 'utf8'});
        assert.equal(readFileSync(await download.path(), 'utf8'), native, `${example} ${file}`);
      }
    }
  } finally {
    rmSync(folder, {recursive: true});
  }
  await site.leave(page);
});

test('10,000 tasks on 1,000 databases: pans, zooms, selects', async () => {
  page = await site.visit();
  await emptyPage(page);
  await openFiles(page, {'big.json': bigPlan(1000, 10_000)});
  await textIs(page.locator('rollout-pane .head'), /10,000 tasks/);
  const canvas = page.locator('lanes-canvas');
  await canvas.waitFor();
  const box = await canvas.boundingBox();
  const corner = () => canvas.evaluate((element) =>
    [...element.renderRoot.querySelector('canvas').getContext('2d').getImageData(1, 1, 1, 1).data.slice(0, 3)]);
  assert.deepEqual(await corner(), [255, 255, 255]);
  await page.getByLabel('Theme').selectOption('dark');
  await eventually(async () => assert.ok(Math.max(...(await corner())) < 64, String(await corner())));
  // The first lane's first bar.
  await page.mouse.click(box.x + 160, box.y + 32);
  await textIs(panel(), /Task 1 .*i0\/databases\/d0|Task 1/);
  const frames = await canvas.evaluate(async (element) => {
    const times = [];
    for (let i = 0; i < 60; ++i) {
      i < 30 ? element.zoom(1.1) : element.pan(40, 25);
      const before = performance.now();
      await new Promise(requestAnimationFrame);
      times.push(performance.now() - before);
    }
    return times.sort((a, b) => a - b);
  });
  assert.ok(frames[30] < 100, `half of the frames took more than ${frames[30]} ms`);
  await tab(page, 'Table').click();
  await page.getByLabel('Find').fill('two-4999');
  await page.getByRole('button', {name: 'Select task 10000', exact: true}).click();
  await textIs(panel(), /Task 10000/);
  await tab(page, 'Lanes').click();
  await textIs(panel(), /two-4999/);
  await tab(page, 'Graph').click();
  await textIs(page.locator('rollout-pane'), /The table has all of it/);
  await site.leave(page);
});
