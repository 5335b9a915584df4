// The WebAssembly package beside JSON.parse with a compiled ajv validator, and beside the native core.
//   web_bench.mjs PACKAGE_FOLDER BENCH_API

import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {brotliCompressSync} from 'node:zlib';

import {launch, outcomeOf} from '../../npm/browser.mjs';
import {serve} from '../../npm/static-server.mjs';
import {makePlan, measure} from './measure.js';

const [packageFolder, benchApi] = process.argv.slice(2).map((path) => resolve(path));
const require = createRequire(new URL('../../npm/', import.meta.url));
const Ajv = require('ajv').default;
const standalone = require('ajv/dist/standalone').default;

const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
const schema = JSON.parse(readFileSync(join(packageFolder, 'schemas/plan.schema.json')));
const ajv = new Ajv({allowUnionTypes: true, code: {source: true, esm: true}});
const schemaFile = join(folder, 'schema.mjs');
// Inlined, for the page: the one helper that the code asks for is a few lines without imports.
const code = standalone(ajv, ajv.compile(schema));
const helper = /const (\w+) = require\("ajv\/dist\/runtime\/ucs2length"\)\.default;/g;
writeFileSync(
  schemaFile,
  code.replace(helper, 'const $1 = (text) => [...text].length;').replace(/^"use strict";/, ''),
);
const {default: validateSchema} = await import(schemaFile);

const planFile = join(folder, 'plan.json');
writeFileSync(planFile, makePlan(10_000));
const nativeTimeline = Number(execFileSync(benchApi, [planFile], {encoding: 'utf8'}));

function report(where, {bytes, large, small, timeline, eventsPerSecond}) {
  const row = (what, ours, peer, wanted) =>
    console.log(
      `${where.padEnd(9)} ${what.padEnd(46)} ${ours.toFixed(1).padStart(8)} ms  ` +
        `${(ours / peer).toFixed(2)} of ${peer.toFixed(1)} ms (${wanted})`,
    );
  const megabytes = (bytes / 1e6).toFixed(1);
  row(`bytes to verdict, ${megabytes} MB`, large.bytes, large.peerBytes, 'at most 0.6');
  row(`text to verdict, ${megabytes} MB of ASCII`, large.text, large.peerText, 'at most 0.8');
  row('1,000 specs, text to diagnostics', small.text, small.parse / 10, '8 ms; JSON.parse beside it');
  row('10,000 tasks, columns out', timeline, nativeTimeline, 'at most 3 of native');
  const millions = (eventsPerSecond / 1e6).toFixed(2);
  console.log(`${where.padEnd(9)} 100,000 tasks, ${millions} M events a second (1 M)`);
}

const {load} = await import(`${packageFolder}/dist/node.js`);
report('Node', await measure(await load(), validateSchema));

const here = import.meta.dirname;
const server = await serve({'/': here, '/package/': packageFolder, '/schema.js': schemaFile});
const browser = await launch();
try {
  report('Chromium', await outcomeOf(browser, `${server.url}/page.html`, 300_000));
  // From the second visit on everything is in the cache, but nothing is loaded or compiled.
  const page = await browser.newPage();
  const starts = [];
  for (let visit = 0; visit < 12; ++visit) {
    await page.goto(`${server.url}/cold.html`);
    const {milliseconds} = await (await page.waitForFunction(() => window.outcome)).jsonValue();
    if (visit > 0) starts.push(milliseconds);
  }
  starts.sort((a, b) => a - b);
  console.log(`Chromium  cold start to the first verdict ${starts[5].toFixed(0)} ms (under 100)`);
} finally {
  await browser.close();
  server.close();
  rmSync(folder, {recursive: true});
}

const size = (name) => brotliCompressSync(readFileSync(join(packageFolder, 'dist', name))).length;
const scripts = ['lockstep.mjs', 'client.js', 'engine.js', 'index.js', 'load.js', 'module.js'];
const glue = scripts.reduce((sum, name) => sum + size(name), 0);
for (const kernel of ['lockstep', 'lockstep-scalar']) {
  const wasm = size(`${kernel}.wasm`);
  console.log(
    `download  ${kernel}: ${((wasm + glue) / 1000).toFixed(1)} kB with brotli (120), ` +
      `${(wasm / 1000).toFixed(1)} of it the module`,
  );
}
