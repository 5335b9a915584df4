// The package in Node, installed from its tarball: every entry, every method, everything that goes
// wrong.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {pathToFileURL} from 'node:url';

import {example, install} from './installed.mjs';

let installed;
before(() => (installed = install()));
after(() => installed.remove());

const entry = (name) => import(pathToFileURL(join(installed.root, 'dist', name)));
const plan = example('plan.json');
const broken = example('broken.json');
const inventory = example('inventory.json');

/** In the folder that it was installed into, as a program of its own. */
function run(script) {
  writeFileSync(join(installed.folder, 'script.js'), script);
  return execFileSync('node', ['script.js'], {cwd: installed.folder, encoding: 'utf8'});
}

test('the five lines of the README', () => {
  const readme = readFileSync(join(installed.root, 'README.md'), 'utf8');
  const lines = readme.match(/```js\n([^]*?)```/)[1];
  const file = `const file = {text: async () => ${JSON.stringify(broken)}};\n`;
  const said = run(file + lines);
  assert.match(said, /^\d+ error .+$/m);
});

test('every entry answers, and all answer the same', () => {
  const said = run(`
    const answers = [];
    for (const name of ['@lockstep/core', '@lockstep/core/worker', '@lockstep/core/inline']) {
      for (const kernel of ['simd', 'scalar']) {
        const {load} = await import(name);
        const lockstep = await load({kernel});
        const request = {plan: ${JSON.stringify(plan)}, inventory: ${JSON.stringify(inventory)}};
        answers.push(JSON.stringify([
          await lockstep.version(),
          (await lockstep.rules()).length,
          await lockstep.validate(request),
          await lockstep.expand(request),
          await lockstep.simulate({...request, options: {now: new Date(0)}}),
        ]));
        lockstep.close();
      }
    }
    console.log(new Set(answers).size, answers.length, answers[0].length > 5000);
  `);
  assert.equal(said, '1 6 true\n');
});

test('the modules and the schemas can be found', () => {
  const said = run(`
    import {readFileSync} from 'node:fs';
    import {fileURLToPath} from 'node:url';
    const read = (name) => readFileSync(fileURLToPath(import.meta.resolve('@lockstep/core/' + name)));
    for (const name of ['lockstep.wasm', 'lockstep-more.wasm'])
      console.log(await WebAssembly.compile(read(name)) instanceof WebAssembly.Module);
    console.log(JSON.parse(read('schemas/plan.schema.json')).title);
  `);
  assert.equal(said, 'true\ntrue\nPlan\n');
});

test('the second module is loaded when it is asked for, and again when that failed', async () => {
  const {load} = await entry('node.js');
  let asked = 0;
  const {wasmFile} = await entry('node.js');
  const lockstep = await load({
    kernel: 'simd',
    more: {
      then(resolve, reject) {
        if (++asked === 1) reject(new Error('no network'));
        else wasmFile('more', 'simd').then(resolve, reject);
      },
    },
  });
  await lockstep.validate({plan: '{}'});
  assert.equal(asked, 0);
  await assert.rejects(lockstep.rules(), /no network/);
  assert.ok((await lockstep.rules()).length > 50);
  await lockstep.rules();
  assert.equal(asked, 2);
  lockstep.close();
});

describe('a module', () => {
  let lockstep, LockstepError;
  before(async () => {
    const node = await entry('node.js');
    ({LockstepError} = node);
    lockstep = await node.load();
  });
  after(() => lockstep.close());

  test('takes strings and bytes alike', async () => {
    const titled = (title) => plan.replace(/"title": "[^"]*"/, `"title": "${title}"`);
    const text = titled('grüß 😀');
    const bytes = new TextEncoder().encode(text);
    const fromText = await lockstep.expand({plan: text, inventory});
    assert.equal(fromText.rollout.title, 'grüß 😀');
    assert.deepEqual(await lockstep.expand({plan: bytes, inventory}), fromText);
    // Three bytes a character: what was made room for is not enough.
    const wide = await lockstep.expand({plan: titled('語'.repeat(100_000)), inventory});
    assert.equal(wide.rollout.title.length, 100_000);
  });

  test('counts places in UTF-16, as editors do', async () => {
    const {diagnostics} = await lockstep.validate({plan: '{"steps": [], "grüß😀": 1}'});
    const unknown = diagnostics.find(({slug}) => slug === 'unknown-field');
    assert.equal(unknown.range.end.character - unknown.range.start.character, 8);
    assert.equal(unknown.byteRange.end.character - unknown.byteRange.start.character, 12);
  });

  test('gives columns for big timelines', async () => {
    const {timeline} = await lockstep.timeline({plan, inventory});
    const {simulation} = await lockstep.simulate({plan, inventory});
    assert.ok(timeline.tasks.start instanceof Float64Array);
    assert.deepEqual([...timeline.tasks.start], simulation.tasks.map(({start}) => start));
    assert.equal(timeline.specs[timeline.tasks.spec[0]], simulation.tasks[0].spec);
  });

  test('studies: what if, how likely, where the time goes, does it fit', async () => {
    const target = 'instances/test/databases/hr';
    const scenario = JSON.stringify({durations: {default: {p50: '10s', p95: '1m'}}, failures: [{target, attempts: 'always'}]});
    const failing = await lockstep.study({plan, inventory, scenario});
    assert.equal(failing.study.comparison.before.status, 'DONE');
    assert.equal(failing.study.comparison.after.status, 'FAILED');
    assert.ok(failing.study.comparison.blocked.length > 0);
    assert.match(failing.texts.comparison, /^undisturbed DONE after .*, as assumed FAILED/);
    const options = {
      now: '2026-11-22T00:00:00Z', explain: true, runs: 100, window: 'Sat 01:00-05:00 Europe/Berlin',
    };
    const lucky = {plan, inventory, scenario: '{"durations":{"default":{"p50":"10s","p95":"1m"}}}', options};
    const {study, texts} = await lockstep.study(lucky);
    assert.equal(study.start, '2026-11-28T00:00:00Z');
    assert.deepEqual(study.deadline, {at: '2026-11-28T04:00:00Z', met: true});
    assert.equal(study.forecast.inTime, 100);
    assert.ok(study.forecast.makespan.p5 < study.forecast.makespan.p95);
    assert.ok(study.analysis.waits.some(({cause}) => cause === 'stage'));
    assert.equal(texts.comparison, null);
    assert.match(texts.deadline, /^fits: /);
    assert.match(texts.forecast, /^100 simulations/);
    const never = await lockstep.study({...lucky, options: {window: 'Sat 01:00-05:00 Europe/Atlantis'}});
    assert.equal(never.study, null);
    assert.match(never.error.message, /Atlantis/);
    assert.deepEqual(await lockstep.study({plan: '{}'}).then(({study, texts}) => [study, texts]), [null, null]);
  });

  test('says what differs on the server of Bytebase', async () => {
    const {comparison, text} = await lockstep.semantics({plan, inventory});
    assert.equal(comparison.other, 'bytebase-3.4');
    assert.ok(comparison.differences.some(({reasons}) => reasons.includes('stage-gate')));
    assert.match(text, /^documented: DONE after .*; bytebase-3\.4: DONE after/);
    const back = await lockstep.semantics({plan, inventory, options: {semantics: 'bytebase-3.4'}});
    assert.equal(back.comparison.other, 'documented');
    assert.equal((await lockstep.semantics({plan: '{}'})).text, null);
  });

  test('compares a run with its simulation, and learns from it', async () => {
    const slow = JSON.stringify({durations: {default: '1m'}});
    const {events} = await lockstep.simulate({plan, inventory, scenario: slow});
    const lines = events.map((event) => JSON.stringify(event) + '\n').join('');
    const {comparison, text} = await lockstep.compare({plan, inventory, events: lines});
    assert.equal(comparison.order.follows, true);
    assert.ok(comparison.actual.makespan > comparison.simulated.makespan);
    assert.match(text, /59 s longer/);
    const {scenario, runs} = await lockstep.learn({plan, inventory, events: lines});
    assert.equal(runs, comparison.tasks.length);
    const after = await lockstep.compare({plan, inventory, events: lines, scenario});
    assert.equal(after.comparison.actual.makespan, after.comparison.simulated.makespan);
    const table = [['duration', 'spec'], ['90s', ''], ['2m', '']];
    assert.equal((await lockstep.learn({plan, inventory, table})).runs, 2);
    assert.equal((await lockstep.learn({plan, inventory, events: lines, table})).runs, runs + 2);
    const {error} = await lockstep.learn({plan, inventory, table: [['duration'], [''], ['soon']]});
    assert.match(error.message, /^line 3, duration: "soon" is not a length of time/);
    const none = await lockstep.learn({plan, inventory, events: ''});
    assert.deepEqual([none.scenario, none.runs], [null, 0]);
    assert.equal((await lockstep.compare({plan, inventory, events: ''})).comparison, null);
    assert.match((await lockstep.compare({plan, inventory, events: '{}\n'})).error.message, /^line 1: /);
  });

  test('replays what a runner wrote', async () => {
    const {events, simulation} = await lockstep.simulate({plan, inventory});
    const lines = events.map((event) => JSON.stringify(event) + '\n').join('');
    const whole = await lockstep.replay({plan, inventory, events: lines});
    assert.equal(whole.status.status, 'DONE');
    assert.deepEqual([...whole.timeline.tasks.end], simulation.tasks.map(({end}) => end));
    const cut = await lockstep.replay({plan, inventory, events: lines.slice(0, lines.length / 2)});
    assert.equal(cut.status.status, 'RUNNING');
    const wrong = await lockstep.replay({plan, inventory, events: '{"sequence": 1}\n'});
    assert.match(wrong.error.message, /^line 1: /);
  });

  test('converts a plan there and back', async () => {
    const {plan: flat, losses} = await lockstep.convert({plan, inventory});
    assert.ok(losses.some(({pointer}) => pointer === '/steps/0/title'));
    assert.equal(JSON.parse(flat).specs.length, 4);
    const back = await lockstep.convert({plan: flat, inventory, to: 'steps'});
    assert.deepEqual(back.losses, []);
    assert.equal(JSON.parse(back.plan).steps.length, 2);
    assert.equal((await lockstep.convert({plan: '{}'})).plan, null);
  });

  test('imports the migrations of another tool', async () => {
    const files = {'V1__a.sql': 'SELECT ${x};', 'V2__b.sql': new TextEncoder().encode('SELECT 2;')};
    const targets = ['instances/i/databases/d'];
    const made = await lockstep.import({tool: 'flyway', files, targets, engine: 'SQLITE'});
    assert.deepEqual(made.sheets, {'101-a.sql': 'SELECT ${x};', '102-b.sql': 'SELECT 2;'});
    assert.equal(JSON.parse(made.inventory).instances[0].engine, 'SQLITE');
    assert.match(made.notices[0].message, /placeholder/);
    const sheets = {101: 'SELECT 1;', 102: 'SELECT 2;'};
    const {diagnostics} = await lockstep.validate({plan: made.plan, inventory: made.inventory, sheets});
    assert.deepEqual(diagnostics.filter(({severity}) => severity === 'error'), []);
    const broken = await lockstep.import({tool: 'goose', files: {'1_a.sql': 'SELECT 1;'}, targets});
    assert.equal(broken.plan, null);
    assert.equal(broken.errors[0].file, '1_a.sql');
  });

  test('compares two plans, with their sheets', async () => {
    const sheets = {101: 'SELECT 1;', 102: 'SELECT 2;'};
    const {diff} = await lockstep.diff({
      plan,
      inventory,
      sheets,
      other: {plan: plan.replace('Departments', 'Divisions'), inventory, sheets: {...sheets, 102: 'SELECT 3;'}},
    });
    assert.deepEqual(
      diff.changes.map(({what, statements}) => [what, statements?.changed]),
      [
        ['plan', undefined],
        ['sheetText', 1],
      ],
    );
    await assert.rejects(lockstep.diff({plan}), {name: 'TypeError', message: /other/});
  });

  test('rejects what is no request', async () => {
    await assert.rejects(lockstep.validate({}), TypeError);
    await assert.rejects(lockstep.validate({plan, options: {semantics: 'other'}}), {
      name: 'TypeError',
      message: /semantics/,
    });
  });

  test('leaves out what nobody waits for any more', async () => {
    const first = lockstep.validate({plan}, {channel: 'edit'});
    const second = lockstep.validate({plan}, {channel: 'edit'});
    const third = lockstep.validate({plan: broken}, {channel: 'edit'});
    const other = lockstep.validate({plan}, {channel: 'other'});
    await assert.rejects(first, {name: 'AbortError'});
    await assert.rejects(second, {name: 'AbortError'});
    assert.ok((await third).diagnostics.length > 0);
    await other;
    const controller = new AbortController();
    const aborted = lockstep.validate({plan}, {signal: controller.signal});
    controller.abort(new Error('enough'));
    await assert.rejects(aborted, {message: 'enough'});
    await assert.rejects(lockstep.validate({plan}, {signal: controller.signal}), {message: 'enough'});
  });

  test('starts again by itself after a bug', async () => {
    const {loadEngine} = await entry('load.js');
    const {wasmFile} = await entry('node.js');
    const engine = await loadEngine(wasmFile);
    await assert.rejects(engine.call('no such method', ['{}']), (error) => {
      assert.equal(error.constructor.name, 'LockstepError');
      assert.match(error.message, /no such method|method/);
      return true;
    });
    const [json] = await engine.call('version', ['{}']);
    assert.match(new TextDecoder().decode(json), /^\{"version":"/);
    assert.ok(LockstepError.prototype instanceof Error);
  });

  test('holds no more memory after 10,000 edits than after the first hundred', async () => {
    const {loadEngine} = await entry('load.js');
    const {wasmFile} = await entry('node.js');
    const engine = await loadEngine(wasmFile);
    const request = (text) => ['{"plan":{"attachment":0},"inventory":{"attachment":1}}', text, inventory];
    let warm = 0;
    for (let edit = 0; edit < 10_000; ++edit) {
      const at = (edit * 7919) % plan.length;
      // A character typed, one removed, or a line that is not there yet.
      const text = [
        plan.slice(0, at) + 'x' + plan.slice(at),
        plan.slice(0, at) + plan.slice(at + 1),
        plan.slice(0, at),
      ][edit % 3];
      await engine.call('validate', request(text));
      if (edit === 100) warm = engine.memorySize;
    }
    assert.ok(warm > 0);
    assert.equal(engine.memorySize, warm);
  });
});

test('a closed one rejects', async () => {
  const {load} = await entry('worker-node.js');
  const lockstep = await load();
  const pending = lockstep.validate({plan});
  lockstep.close();
  await assert.rejects(pending, {name: 'AbortError'});
  await assert.rejects(lockstep.validate({plan}), {name: 'AbortError'});
});
