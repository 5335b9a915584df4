// The types are what the package really is: a strict program that uses all of them compiles, and
// one with mistakes does not.

import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {fileURLToPath} from 'node:url';

import {install} from './installed.mjs';

let installed;
before(() => (installed = install()));
after(() => installed.remove());

const tsc = fileURLToPath(new URL('./node_modules/typescript/bin/tsc', import.meta.url));

function compile(source) {
  writeFileSync(join(installed.folder, 'program.ts'), source);
  const {stdout, status} = spawnSync(
    'node',
    [tsc, '--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2022,dom',
     '--types', '', 'program.ts'],
    {cwd: installed.folder, encoding: 'utf8'},
  );
  return {stdout, status};
}

test('a program that uses everything', () => {
  const {stdout, status} = compile(`
    import {load, LockstepError, type Diagnostic, type Lockstep} from '@lockstep/core';
    import {load as loadWorker} from '@lockstep/core/worker';
    import {load as loadInline} from '@lockstep/core/inline';

    const lockstep: Lockstep = await load({kernel: 'scalar', wasm: new URL('https://x/y.wasm')});
    await loadWorker({worker: () => new Worker('w.js')});
    await loadInline();
    const request = {
      plan: '{}', inventory: new Uint8Array(), sheets: {'741': 'SELECT 1'}, planName: 'p',
      options: {now: new Date(), rules: {'unused-sheet': 'off' as const}, parallel: 3},
    };
    const {diagnostics} = await lockstep.validate(request, {channel: 'edit', signal: AbortSignal.timeout(5)});
    const lines: number[] = diagnostics.map((d: Diagnostic) => d.range.start.line + d.related.length);
    const {rollout} = await lockstep.expand(request);
    const names: string[] = rollout?.stages.flatMap((stage) => stage.tasks.map((task) => task.name)) ?? [];
    const {simulation, events} = await lockstep.simulate({...request, scenario: '{}'});
    const start: number | null | undefined = simulation?.tasks[0]?.waits[0]?.from;
    const studied = await lockstep.study({
      ...request, scenario: '{}', options: {explain: true, runs: 20, window: 'Sat 01:00-05:00 Europe/Berlin'},
    });
    const odds: number | undefined = studied.study?.forecast?.makespan?.p95;
    const helps: string[] | undefined = studied.study?.analysis?.advice[0]?.changes;
    const then: string | undefined = studied.study?.comparison?.remedies[0]?.status;
    const said: string = (studied.texts?.forecast ?? studied.error?.message ?? '') + odds + helps + then;
    const {timeline} = await lockstep.timeline(request);
    const ends: Float64Array | undefined = timeline?.tasks.end;
    const {status, error} = await lockstep.replay({...request, events: '', planName: 'p'});
    const text: string | undefined = error?.message ?? status?.tasks[0]?.error?.hint;
    const {comparison, text: words} = await lockstep.semantics(request);
    const reasons: string[] = comparison?.differences.flatMap((one) => one.reasons) ?? [words ?? ''];
    const run = {...request, events: '', scenario: '{}'};
    const real: number | undefined = (await lockstep.compare(run)).comparison?.actual.makespan;
    const learnt: string | null = (await lockstep.learn(run)).scenario;
    await lockstep.learn({...request, table: [['duration'], ['90s']]});
    const {drawing} = await lockstep.render({...request, drawing: {view: 'graph', width: 400, format: 'svg'}});
    const svg: string = drawing ?? '';
    await lockstep.render({...request, drawing: {format: 'lanes', width: 80, rows: 40}});
    const {diff} = await lockstep.diff({...request, other: {plan: '{}', sheets: {'741': 'SELECT 2'}}});
    const changes: string[] = diff?.changes.map((change) => change.message + (change.b?.file ?? '')) ?? [];
    const {outline} = await lockstep.outline(request);
    const specs: number[] = outline?.steps.flatMap((step) => step.specs.map((spec) => spec.index)) ?? [];
    const {statements} = await lockstep.statements({sheet: 'SELECT 1', engine: 'POSTGRES'});
    const classes: string[] = statements.map((statement) => statement.class);
    const {plan, losses} = await lockstep.convert({...request, to: 'flat', options: {merge: true}});
    const {sheets, notices} = await lockstep.import({tool: 'goose', files: {'1_a.sql': ''}, targets: ['x']});
    const told: string[] = [plan ?? '', sheets['101-a.sql'] ?? '', ...[...losses, ...notices].map((r) => r.message)];
    const rules: string[] = (await lockstep.rules()).map((rule) => rule.code);
    const version: string = await lockstep.version();
    if (({} as unknown) instanceof LockstepError) lockstep.close();
    export {reasons, real, learnt, svg, said, told, changes, specs, classes, lines, names, start, ends, text, rules, version, events};
  `);
  assert.equal(status, 0, stdout);
});

test('mistakes are found', () => {
  const mistakes = [
    "await lockstep.validate({});",
    "await lockstep.validate({plan: 1});",
    "await lockstep.validate({plan: '', options: {semantics: 'other'}});",
    "(await lockstep.expand({plan: ''})).rollout.name;",
    "await lockstep.replay({plan: ''});",
    "await lockstep.compare({plan: ''});",
    "await lockstep.learn({plan: ''});",
    "await lockstep.learn({plan: '', table: ['duration']});",
    "await lockstep.convert({plan: '', to: 'other'});",
    "await lockstep.diff({plan: ''});",
    "await lockstep.study({plan: '', options: {runs: 'many'}});",
    "(await lockstep.study({plan: ''})).study.forecast.makespan.p98;",
    "await load({kernel: 'fast'});",
  ];
  const {stdout} = compile(
    "import {load} from '@lockstep/core';\nconst lockstep = await load();\n" + mistakes.join('\n'),
  );
  for (const number of mistakes.keys()) {
    assert.match(stdout, new RegExp(`program\\.ts\\(${number + 3},`), mistakes[number]);
  }
});
