// A real run: its events dropped on the page, real beside simulated, errors at their lines, and an
// event file that grows.

import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';

import {axeFindings} from '../npm/axe.mjs';
import {button, documentText, eventually, lockstep, openFiles, root, Site, tab, textIs} from './site.mjs';

let site, page, folder, events, sheet;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-web-'));
  cpSync(join(root, 'native/example'), folder, {recursive: true});
  for (const database of ['test', 'prod-eu', 'prod-us']) {
    mkdirSync(join(folder, 'data', database), {recursive: true});
    execFileSync('sqlite3', [join(folder, 'data', database, 'hr.db'), '.read before.sql'], {cwd: folder});
  }
  sheet = "-- Two statements, the second with a mistake.\nSELECT 1;\nINSERT INTO nowhere VALUES (1);\n";
  writeFileSync(join(folder, 'sheets/102-department-rows.sql'), sheet);
  const run = spawnSync(lockstep, ['run', 'plan.json', '--events', 'events.ndjson'], {cwd: folder, encoding: 'utf8'});
  assert.equal(run.status, 1, run.stderr);
  events = readFileSync(join(folder, 'events.ndjson'), 'utf8');
  site = await Site.open({'/run/': folder});
});
after(async () => {
  await site?.close();
  rmSync(folder, {recursive: true});
});

const read = (name) => readFileSync(join(folder, name), 'utf8');
const documents = () => ({
  'plan.json': read('plan.json'),
  'inventory.json': read('inventory.json'),
  '101-department.sql': read('sheets/101-department.sql'),
  '102-department-rows.sql': sheet,
});

test('shows what happened, with the error at its line', async () => {
  page = await site.visit();
  await openFiles(page, {...documents(), 'events.ndjson': events});
  await textIs(page.locator('rollout-pane .head'), /FAILED after/);
  await page.locator('rollout-drawing .task.failed').first().click();
  await textIs(page.locator('task-panel'), /no such table: nowhere/);
  await textIs(page.locator('task-panel'), /Simulated 1 s to 2 s/);
  await button(page, 'Show line 3 of its sheet').click();
  await tab(page, /102\.sql/).and(page.locator('[aria-selected=true]')).waitFor();
  assert.match(await page.locator('.failed-line').innerText(), /INSERT INTO nowhere/);
  await site.leave(page);
});

test('opens a whole exported rollout, with the output of its tasks', async () => {
  const exported = execFileSync(lockstep, ['rollout', 'export'], {cwd: folder, encoding: 'utf8'});
  page = await site.visit();
  await openFiles(page, {'run.json': exported});
  await textIs(page.locator('rollout-pane .head'), /FAILED after/);
  for (const name of ['plan.json', 'inventory.json', '101.sql', '102.sql']) await tab(page, new RegExp(name)).waitFor();
  await page.locator('rollout-drawing .task.failed').first().click();
  await textIs(page.locator('task-panel'), /Output.*no such table: nowhere/s);
  await site.leave(page);
});

test('attempts are told apart: what a task was between them, and what each wrote', async () => {
  const retried = mkdtempSync(join(tmpdir(), 'lockstep-web-retry-'));
  cpSync(join(root, 'native/example'), retried, {recursive: true});
  const each = (sql) => {
    for (const database of ['test', 'prod-eu', 'prod-us']) {
      mkdirSync(join(retried, 'data', database), {recursive: true});
      execFileSync('sqlite3', [join(retried, 'data', database, 'hr.db'), sql], {cwd: retried});
    }
  };
  each('.read before.sql');
  writeFileSync(join(retried, 'sheets/102-department-rows.sql'), 'INSERT INTO nowhere VALUES (1);\n');
  assert.equal(spawnSync(lockstep, ['run', 'plan.json'], {cwd: retried}).status, 1);
  each('CREATE TABLE nowhere (number int)');
  execFileSync(lockstep, ['retry', '--failed'], {cwd: retried, stdio: 'ignore'});
  const exported = JSON.parse(execFileSync(lockstep, ['rollout', 'export'], {cwd: retried, encoding: 'utf8'}));
  rmSync(retried, {recursive: true});

  page = await site.visit();
  await openFiles(page, {'run.json': JSON.stringify(exported)});
  await textIs(page.locator('rollout-pane .head'), /DONE after/);
  await page.locator('rollout-drawing .task[data-task="1"]').click();
  await textIs(page.locator('task-panel'), /DONE.*2 attempts.*Output of attempt 1.*no such table: nowhere/);
  const failed = exported.events.find(({outcome}) => outcome === 'failed');
  const between = Date.parse(failed.at) - Date.parse(exported.events[0].at);
  await page.getByRole('slider', {name: 'Time'}).fill(String(between));
  await textIs(page.locator('task-panel'), /At \d+ ms FAILED/);
  exported.outputs.push({...exported.outputs[0], taskRun: `${failed.task}/taskRuns/2`, head: 'one row\n'});
  await openFiles(page, {'run.json': JSON.stringify(exported)});
  await textIs(page.locator('task-panel'), /Select a task/);
  await page.locator('rollout-drawing .task[data-task="1"]').click();
  await textIs(page.locator('task-panel'), /Output one row.*Output of attempt 1.*no such table/);
  await site.leave(page);
});

/** What the command line says of the run. */
const compared = (...options) =>
  spawnSync(lockstep, ['compare', ...options], {cwd: folder, encoding: 'utf8'}).stdout.trim().split('\n').slice(1).join('\n');
const said = () => page.locator('rollout-questions pre').innerText();

test('how it went against the simulation, and what is learnt from it', async () => {
  page = await site.visit();
  await openFiles(page, {...documents(), 'events.ndjson': events});
  await tab(page, 'Questions').click();
  await tab(page, 'How did it go?').click();
  await textIs(page.locator('rollout-questions'), /simulated DONE after .*really FAILED.*as the rules give it/);
  assert.equal(await said(), compared());
  assert.deepEqual(await axeFindings(page), []);
  await button(page, 'Learn durations from this run').click();
  await textIs(page.locator('rollout-questions'), /Written into the scenario, from 1 task that went well/);
  await tab(page, 'scenario.json').and(page.locator('[aria-selected=true]')).waitFor();
  const learnt = await documentText(page);
  assert.match(learnt, /^\{\n {2}"durations": \{\n[^]*"default"/);
  writeFileSync(join(folder, 'learnt.json'), learnt);
  await eventually(async () => assert.equal(await said(), compared('--scenario', 'learnt.json')));
  // The cursor is there already.
  await page.keyboard.press('Control+z');
  await eventually(async () => assert.equal(await documentText(page), '{\n  "durations": {}\n}\n'));
  await page.locator('summary', {hasText: 'Real run'}).click();
  await button(page, 'Close the run').click();
  await textIs(page.locator('rollout-questions [aria-selected=true]'), /Does it fit/);
  assert.equal(await tab(page, 'How did it go?').count(), 0);
  await site.leave(page);
});

test('a run went as boldly as its events tell, whatever is assumed now', async () => {
  const careful = ['run', 'plan.json', '--parallel', '1', '--ledger', 'careful.db', '--events', 'careful.ndjson'];
  writeFileSync(join(folder, 'sheets/102-department-rows.sql'), '-- Nothing left to do.\nSELECT 1;\n');
  const run = spawnSync(lockstep, careful, {cwd: folder, encoding: 'utf8'});
  assert.equal(run.status, 0, run.stderr + run.stdout);
  page = await site.visit();
  await openFiles(page, {...documents(), '102-department-rows.sql': read('sheets/102-department-rows.sql'), 'events.ndjson': read('careful.ndjson')});
  await tab(page, 'Questions').click();
  await tab(page, 'How did it go?').click();
  await textIs(page.locator('rollout-questions'), /order as the rules give it, durations as they were$/);
  assert.equal(await said(), compared('--ledger', 'careful.db'));
  await openFiles(page, {'scenario.json': '{"parallel": 8}'});
  await tab(page, 'scenario.json').waitFor();
  await textIs(page.locator('rollout-questions'), /order as the rules give it, durations as they were$/);
  writeFileSync(join(folder, 'sheets/102-department-rows.sql'), sheet);
  await site.leave(page);
});

test('what events do not tell of a run can be assumed', async () => {
  const slow = execFileSync(lockstep, ['simulate', 'plan.json', '--parallel', '1', '--format', 'events'], {cwd: folder, encoding: 'utf8'});
  page = await site.visit();
  const older = slow.replace(',"policy":{"parallel":1}', '');
  assert.notEqual(older, slow);
  await openFiles(page, {...documents(), 'events.ndjson': older});
  await tab(page, 'Questions').click();
  await tab(page, 'How did it go?').click();
  await textIs(page.locator('rollout-questions'), /not as the rules give it, from event \d+.*whether the run was given --parallel/);
  await openFiles(page, {'scenario.json': '{"parallel": 1}'});
  await textIs(page.locator('rollout-questions'), /order as the rules give it, durations as they were$/);
  await site.leave(page);
});

test('durations are learnt from a table, and its mistakes told with their line', async () => {
  const csv = '\ufeff"duration",target\r\n90s,instances/test/databases/hr\r\n\r\n"2m",\r\n';
  writeFileSync(join(folder, 'history.csv'), csv);
  page = await site.visit();
  await openFiles(page, documents());
  await openFiles(page, {'history.csv': csv});
  await textIs(page.getByRole('alert'), /Durations of 2 runs are written into the scenario, from history\.csv\./);
  await tab(page, 'scenario.json').and(page.locator('[aria-selected=true]')).waitFor();
  const learnt = spawnSync(lockstep, ['learn', 'plan.json', '--durations', 'history.csv'], {cwd: folder, encoding: 'utf8'});
  assert.equal(await documentText(page), learnt.stdout);
  await page.keyboard.press('Control+z');
  await eventually(async () => assert.equal(await documentText(page), '{\n  "durations": {}\n}\n'));
  for (const [text, mistake] of [
    ['duration\n"a\nb"\n', /history\.csv: line 2, duration: "a.*b" is not a length of time/],
    ['duration,spec\n\n1s\n', /history\.csv: line 3: it has 1 field, and there are 2 columns/],
    ['duration\n1s\n"2s\n', /history\.csv: line 3: Quoted field unterminated/],
    ['length\n1s\n', /history\.csv: line 1: there is no column "length"/],
    ['duration\n', /history\.csv: there are no runs in it/],
  ]) {
    await openFiles(page, {'history.csv': text});
    await textIs(page.getByRole('alert'), mistake);
  }
  assert.deepEqual(await axeFindings(page), []);
  await openFiles(page, {'plan.json': '{"steps": 1}'});
  await openFiles(page, {'history.csv': csv});
  await textIs(page.getByRole('alert'), /history\.csv: the plan has errors/);
  await site.leave(page);
});

test('a run from which there is nothing to learn, on a narrow screen', async () => {
  page = await site.visit('/index.html', {context: {viewport: {width: 320, height: 640}, colorScheme: 'dark'}});
  const begun = events.split('\n').slice(0, 1).join('\n') + '\n';
  await openFiles(page, {...documents(), 'events.ndjson': begun});
  await tab(page, 'Rollout').click();
  await tab(page, 'Questions').click();
  await tab(page, 'How did it go?').click();
  await textIs(page.locator('rollout-questions'), /really RUNNING/);
  await button(page, 'Learn durations from this run').click();
  await textIs(page.locator('rollout-questions'), /No task has ended well yet/);
  assert.deepEqual(await axeFindings(page), []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await site.leave(page);
});

test('what a server keeps in one line is opened so that it can be read', async () => {
  const exported = JSON.parse(execFileSync(lockstep, ['rollout', 'export'], {cwd: folder, encoding: 'utf8'}));
  const plan = exported.documents.find(({role}) => role === 'plan');
  const stored = JSON.parse(plan.text.replace(/\/\/.*/g, '').replace(/,(\s*[\]}])/g, '$1'));
  plan.text = JSON.stringify(stored);
  page = await site.visit();
  await openFiles(page, {'run.json': JSON.stringify(exported)});
  await textIs(page.locator('rollout-pane .head'), /FAILED after/);
  assert.equal(await documentText(page), `${JSON.stringify(stored, null, 2)}\n`);
  await site.leave(page);
});

test('real beside simulated', async () => {
  page = await site.visit();
  await openFiles(page, {...documents(), 'events.ndjson': events});
  await button(page, 'Both').click();
  await page.waitForFunction(() => document.querySelector('lockstep-app').shadowRoot.querySelector('rollout-pane').shadowRoot.querySelectorAll('rollout-drawing').length === 2);
  // The simulated one takes longer, and is played to its end.
  await eventually(async () => assert.equal(await page.getByRole('slider', {name: 'Time'}).getAttribute('max'), '4000'));
  await button(page, 'Simulated').click();
  await textIs(page.locator('rollout-pane .head'), /DONE after 4 s/);
  await site.leave(page);
});

test('events of another plan are refused, and nothing is lost', async () => {
  page = await site.visit();
  await openFiles(page, {'events.ndjson': events.replaceAll('tasks/2"', 'tasks/20"')});
  await textIs(page.locator('rollout-pane'), /no run of this plan: line \d+/);
  await textIs(page.locator('rollout-pane .head'), /DONE after 4 s/);
  await site.leave(page);
});

test('events of another project, or of fewer tasks, are refused: what differs is told', async () => {
  page = await site.visit();
  await openFiles(page, documents());
  await openFiles(page, {'events.ndjson': events.replaceAll('projects/hr/', 'projects/shop/')});
  await textIs(page.locator('rollout-pane'), /no run of this plan: they are of the project "shop", the plan is of "hr"/);
  await textIs(page.locator('rollout-pane .head'), /DONE after 4 s/);
  // As many numbers as the plan has, but one task of its first stage had no turn before that ended.
  const whole = execFileSync(lockstep, ['simulate', 'plan.json', '--format', 'events'], {cwd: folder, encoding: 'utf8'});
  const fewer = whole.split('\n').filter((line) => line && !line.includes('/tasks/2"'))
    .map((line, index) => JSON.stringify({...JSON.parse(line), sequence: index + 1}) + '\n').join('');
  await openFiles(page, {'events.ndjson': fewer});
  await textIs(page.locator('rollout-pane'), /no run of this plan: the rollout ended without task 2 \(spec 2d7e90c1-31c5-4a0e-8b55-0d7c3f0a2b02 on instances\/test\/databases\/hr\)/);
  await openFiles(page, {'events.ndjson': fewer.replace(/.*rollout_ended.*\n$/, '')});
  await textIs(page.locator('rollout-pane'), /no run of this plan: stage 1 ended without task 2 /);
  await openFiles(page, {'events.ndjson': whole});
  await page.locator('rollout-pane').getByRole('button', {name: 'Both', exact: true}).waitFor();
  await site.leave(page);
});

test('follows a file on its site while it grows', async () => {
  const lines = events.trimEnd().split('\n');
  const growing = join(folder, 'growing.ndjson');
  const upTo = (count) => writeFileSync(growing, lines.slice(0, count).map((line) => `${line}\n`).join(''));
  const started = lines.findIndex((line) => line.includes('task_run_started')) + 1;
  // Cut in the middle of a line, as a reader may find it.
  writeFileSync(growing, `${lines.slice(0, started).join('\n')}\n${lines[started].slice(0, 20)}`);
  page = await site.visit('/index.html?open=/run/plan.json&open=/run/inventory.json&events=/run/growing.ndjson');
  await textIs(page.locator('rollout-pane .head'), /RUNNING/);
  await page.waitForSelector('.task.running');
  upTo(lines.length);
  await textIs(page.locator('rollout-pane .head'), /FAILED/);
  await button(page, 'Stop following').click();
  await site.leave(page);
});

test('follows a file on the disk while it grows', async () => {
  page = await site.visit('/index.html?open=/run/plan.json&open=/run/inventory.json');
  const write = (text) =>
    page.evaluate(async (content) => {
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle('events.ndjson', {create: true});
      const stream = await handle.createWritable();
      await stream.write(content);
      await stream.close();
      // What a person picks in the browser's dialog.
      window.showOpenFilePicker = async () => [handle];
    }, text);
  const lines = events.trimEnd().split('\n');
  const started = lines.findIndex((line) => line.includes('task_run_started')) + 1;
  await write(`${lines.slice(0, started).join('\n')}\n`);
  await page.locator('summary', {hasText: 'Real run'}).click();
  await button(page, 'Follow a file while it grows…').click();
  await textIs(page.locator('rollout-pane .head'), /RUNNING/);
  await write(events);
  await textIs(page.locator('rollout-pane .head'), /FAILED/);
  await button(page, 'Stop following').click();
  await page.locator('summary', {hasText: 'Real run'}).click();
  await button(page, 'Close the run').click();
  await textIs(page.locator('rollout-pane .head'), /DONE after 4 s/);
  await site.leave(page);
});
