// The JSON Schemas are strict draft-07, and agree with the core: they accept every ok-case of the
// corpus and refuse every bad one whose mistake a schema can express.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';

import Ajv from 'ajv';

import {packageFolder} from './installed.mjs';

const root = join(import.meta.dirname, '../..');
const corpus = join(root, 'tests/corpus');
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
const names = readdirSync(join(root, 'schemas'))
  .filter((name) => name.endsWith('.schema.json'))
  .map((name) => name.replace('.schema.json', ''));

// strictRequired has no way to say "one of these two fields" (anyOf with `required` alone).
const ajv = new Ajv({strict: true, strictRequired: false, allowUnionTypes: true});
const schemas = Object.fromEntries(
  names.map((name) => [name, ajv.compile(json(join(root, `schemas/${name}.schema.json`)))]),
);

const {load} = await import(`${packageFolder}/dist/node.js`);
const lockstep = await load();

/** The value of a text, or undefined: the schemas describe values, and JSON.parse reads no comments. */
function valueOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// Findings of the structure that the schemas leave to the core, and why.
const looser = {
  'duplicate-field': 'a parsed object has no repetition left, and two spellings are two names',
  'duplicate-map-key': 'a parsed object has no repetition left',
  'duplicate-spec-id': 'uniqueItems compares whole specs, not their ids',
  'duplicate-inventory-name': 'uniqueItems compares whole objects, not their names',
  'mixed-config-kinds': 'would need one schema of a step for each kind, and its messages help nobody',
  'group-expression': 'an expression is a language of its own',
  'unknown-environment': 'a schema cannot compare one part of a document with another',
  'unknown-instance-of-database': 'a schema cannot compare one part of a document with another',
  'scenario-selector': 'the names are in another document',
};

const families = Object.fromEntries((await lockstep.rules()).map(({code, family}) => [code, family]));
const cases = readdirSync(corpus)
  .filter((name) => /^(ok|bad)-[^.]+\.json$/.test(name))
  .map((name) => name.replace('.json', ''));

/** The documents of a case with their schemas: [schema, value, slugs of structural errors]. */
async function documentsOf(name) {
  const own = (kind) => {
    const path = join(corpus, `${name}.${kind}.json`);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  const texts = {
    plan: readFileSync(join(corpus, `${name}.json`), 'utf8'),
    inventory: own('inventory'),
    scenario: own('scenario'),
  };
  const shared = readFileSync(join(corpus, 'shared.inventory.json'), 'utf8');
  const {diagnostics} = await lockstep.validate({...texts, inventory: texts.inventory ?? shared});
  return Object.entries(texts)
    .map(([kind, text]) => [kind, text && valueOf(text)])
    .filter(([, value]) => value !== undefined)
    .map(([kind, value]) => {
      const structural = diagnostics.filter(
        ({file, severity, code}) =>
          file === `${kind}.json` && severity === 'error' && families[code] === 'structure',
      );
      const faultless = !diagnostics.some(
        ({file, severity}) => file === `${kind}.json` && severity !== 'info',
      );
      return {kind, value, faultless, slugs: [...new Set(structural.map(({slug}) => slug))]};
    });
}

test('all schemas are here, strict and compiled', () => {
  assert.deepEqual(names.sort(), ['api', 'event', 'inventory', 'plan', 'scenario']);
});

test('documents without an error or a warning are accepted', async () => {
  let count = 0;
  for (const name of cases) {
    for (const {kind, value, faultless} of await documentsOf(name)) {
      if (name.startsWith('bad-') && !faultless) continue;
      const accepted = schemas[kind](value);
      assert.ok(accepted, `${name} (${kind}): ${ajv.errorsText(schemas[kind].errors)}`);
      ++count;
    }
  }
  assert.ok(count > 50, `${count} documents`);
});

test('documents with one are refused, but for a list of reasons', async () => {
  const needed = new Set();
  for (const name of cases) {
    for (const {kind, value, slugs} of await documentsOf(name)) {
      if (slugs.length === 0 || !schemas[kind](value)) continue;
      const unexplained = slugs.filter((slug) => !(slug in looser));
      assert.ok(unexplained.length < slugs.length, `${name} (${kind}) is accepted: ${slugs}`);
      for (const slug of slugs) needed.add(slug);
    }
  }
  assert.deepEqual([...needed].sort(), Object.keys(looser).sort(), 'reasons that nothing needs');
});

test('answers of import are as the schema of the API says', async () => {
  const {loadEngine} = await import(`${packageFolder}/dist/load.js`);
  const {wasmFile} = await import(`${packageFolder}/dist/node.js`);
  const engine = await loadEngine(wasmFile);
  const validate = ajv.compile({$ref: 'api.schema.json#/definitions/importAnswer'});
  for (const files of ['{"V1__a.sql":"SELECT 1;"}', '{"V1__a.sql":"SELECT 1;","V1.0__b.sql":""}']) {
    const request = `{"tool":"flyway","engine":"SQLITE","files":${files},"targets":["instances/i/databases/d"]}`;
    const [answer] = await engine.call('import', [request]);
    const value = JSON.parse(new TextDecoder().decode(answer));
    assert.ok(validate(value), ajv.errorsText(validate.errors));
    assert.equal(value.plan === null, value.errors.length > 0);
  }
});

test('answers of study are as the schema of the API says, whatever is asked', async () => {
  const {loadEngine} = await import(`${packageFolder}/dist/load.js`);
  const {wasmFile} = await import(`${packageFolder}/dist/node.js`);
  const engine = await loadEngine(wasmFile);
  const validate = ajv.compile({$ref: 'api.schema.json#/definitions/studyAnswer'});
  const file = (name) => readFileSync(join(root, 'web/examples/tenants', name));
  const documents = [file('plan.json'), file('inventory.json')];
  const target = 'instances/eu/databases/birch';
  const disturbed = {
    durations: {default: {p50: '10s', p95: '5m'}},
    failures: [{target, attempts: 'always', probability: '60%'}],
    delays: [{target: 'instances/us', by: '1m'}],
  };
  const said = new Set();
  for (const scenario of [{}, disturbed]) {
    for (const options of [{}, {explain: true}, {runs: 20}, {runs: 20, window: 'Sat 01:00-01:05 Europe/Berlin'}, {window: 'never'}]) {
      const request = {plan: {attachment: 0}, inventory: {attachment: 1}, scenario: JSON.stringify(scenario), options};
      const [json] = await engine.call('study', [JSON.stringify(request), ...documents]);
      const answer = JSON.parse(new TextDecoder().decode(json));
      assert.ok(validate(answer), ajv.errorsText(validate.errors));
      for (const [member, value] of Object.entries(answer.study ?? {error: answer.error})) {
        if (value !== null && value.length !== 0) said.add(member);
      }
    }
  }
  for (const member of ['deadline', 'comparison', 'analysis', 'forecast', 'error']) assert.ok(said.has(member), member);
});

test('answers are as the schema of the API says', async () => {
  const {loadEngine} = await import(`${packageFolder}/dist/load.js`);
  const {wasmFile} = await import(`${packageFolder}/dist/node.js`);
  const engine = await loadEngine(wasmFile);
  const methods = {
    validate: 'validate',
    expand: 'expandAnswer',
    simulate: 'simulateAnswer',
    study: 'studyAnswer',
    timeline: 'timelineAnswer',
    replay: 'replayAnswer',
    render: 'renderAnswer',
    outline: 'outlineAnswer',
    convert: 'convertAnswer',
    semantics: 'semanticsAnswer',
    compare: 'compareAnswer',
    learn: 'learnAnswer',
  };
  const otherPlan = readFileSync(join(corpus, `${cases.find((name) => !name.startsWith('bad-'))}.json`));
  const inventory = readFileSync(join(corpus, 'shared.inventory.json'));
  const request = '{"plan":{"attachment":0},"inventory":{"attachment":1},"events":""}';
  for (const [method, definition] of Object.entries(methods)) {
    const validate = ajv.compile({$ref: `api.schema.json#/definitions/${definition}`});
    for (const name of cases) {
      const plan = readFileSync(join(corpus, `${name}.json`));
      const [answer] = await engine.call(method, [request, plan, inventory]);
      const valid = validate(JSON.parse(new TextDecoder().decode(answer)));
      assert.ok(valid, `${method} of ${name}: ${ajv.errorsText(validate.errors)}`);
    }
  }
  const validate = ajv.compile({$ref: 'api.schema.json#/definitions/diffAnswer'});
  const two =
    '{"plan":{"attachment":0},"other":{"plan":{"attachment":2},"inventory":{"attachment":3}},' +
    '"inventory":{"attachment":1}}';
  let compared = 0;
  for (const name of cases) {
    const plan = readFileSync(join(corpus, `${name}.json`));
    const [answer] = await engine.call('diff', [two, plan, inventory, otherPlan, inventory]);
    const value = JSON.parse(new TextDecoder().decode(answer));
    assert.ok(validate(value), `diff of ${name}: ${ajv.errorsText(validate.errors)}`);
    if (value.diff?.changes.length > 0) ++compared;
  }
  assert.ok(compared > 5, `${compared} plans that differ`);
});

test('answers about a run are as the schema of the API says', async () => {
  const {loadEngine} = await import(`${packageFolder}/dist/load.js`);
  const {wasmFile} = await import(`${packageFolder}/dist/node.js`);
  const engine = await loadEngine(wasmFile);
  const file = (name) => readFileSync(join(root, 'web/examples/tenants', name));
  const documents = [file('plan.json'), file('inventory.json')];
  const ask = async (method, more = {}) => {
    const request = {plan: {attachment: 0}, inventory: {attachment: 1}, ...more};
    const [answer] = await engine.call(method, [JSON.stringify(request), ...documents]);
    return JSON.parse(new TextDecoder().decode(answer));
  };
  const events = (await ask('simulate')).events.map((event) => `${JSON.stringify(event)}\n`).join('');
  for (const [method, member] of [['compare', 'comparison'], ['learn', 'scenario'], ['replay', 'status']]) {
    const validate = ajv.compile({$ref: `api.schema.json#/definitions/${method}Answer`});
    for (const text of [events, '', '{}\n']) {
      const answer = await ask(method, {events: text});
      assert.ok(validate(answer), `${method}: ${ajv.errorsText(validate.errors)}`);
      if (text === events) assert.ok(answer[member] !== null, method);
    }
  }
  const learnt = ajv.compile({$ref: 'api.schema.json#/definitions/learnAnswer'});
  for (const duration of ['90s', 'soon']) {
    const answer = await ask('learn', {table: [['duration'], [duration]]});
    assert.ok(learnt(answer), ajv.errorsText(learnt.errors));
    assert.equal(answer.runs, duration === 'soon' ? null : 1);
  }
});

test('what the program alone prints is as the schema says', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-'));
  try {
    cpSync(join(root, 'native/example'), folder, {recursive: true});
    for (const instance of ['test', 'prod-eu', 'prod-us']) {
      mkdirSync(join(folder, 'data', instance), {recursive: true});
      execFileSync('sqlite3', [join(folder, 'data', instance, 'hr.db')], {input: readFileSync(join(folder, 'before.sql'))});
    }
    const run = (...words) => execFileSync(process.env.LOCKSTEP_PROGRAM, words, {cwd: folder, encoding: 'utf8'});
    run('run', 'plan.json', '--scenario', 'durations.json');
    const answers = {
      study: ['simulate', 'plan.json', '--fail', 'prod-eu/hr', '--explain', '--learn', '--skip', '6=1h'],
      semanticsComparison: ['simulate', 'plan.json', '--compare'],
      runComparison: ['compare', '--scenario', 'durations.json'],
      export: ['rollout', 'export'],
    };
    for (const [definition, words] of Object.entries(answers)) {
      const validate = ajv.compile({$ref: `api.schema.json#/definitions/${definition}`});
      const text = run(...words, ...(definition === 'export' ? [] : ['--format', 'json']));
      assert.ok(validate(JSON.parse(text)), `${definition}: ${ajv.errorsText(validate.errors)}`);
    }
  } finally {
    rmSync(folder, {recursive: true});
  }
});
