// Every answer of the native core, of both WebAssembly modules in Node and of Chromium is the same
// bytes. LOCKSTEP_PARITY: the native program (parity.cc); LOCKSTEP_PACKAGE: the built package.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';

import {launch, outcomeOf} from '../npm/browser.mjs';
import {serve} from '../npm/static-server.mjs';
import {answerLines, readRequests} from './answers.js';

const parity = process.env.LOCKSTEP_PARITY;
const packageFolder = process.env.LOCKSTEP_PACKAGE;
const {loadEngine} = await import(`${packageFolder}/dist/load.js`);
const {wasmFile} = await import(`${packageFolder}/dist/node.js`);

const folder = mkdtempSync(join(tmpdir(), 'lockstep-parity-'));
const requestsPath = join(folder, 'requests');
const native = (...words) =>
  execFileSync(parity, words, {encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'inherit']});
let file, expected;

before(() => {
  native('requests', requestsPath);
  file = new Uint8Array(readFileSync(requestsPath));
  expected = native('answers', requestsPath).trimEnd().split('\n');
});
after(() => rmSync(folder, {recursive: true}));

/** Says which request it was, and where the answers part. */
async function assertSame(lines, engine) {
  assert.equal(lines.length, expected.length);
  const number = lines.findIndex((line, i) => line !== expected[i]);
  if (number < 0) return;
  const text = native('answer', requestsPath, String(number));
  if (!engine) assert.fail(`request ${number} is answered otherwise\n${text}`);
  const {method, parts} = [...readRequests(file)][number];
  const [json] = await engine.call(method, parts);
  const ours = new TextDecoder().decode(json);
  assert.equal(ours, text.trimEnd().slice(text.trimEnd().lastIndexOf('\n') + 1), text);
  assert.fail(`request ${number}: attachments differ\n${text}`);
}

test('the requests are worth it', () => {
  assert.ok(expected.length > 11_000 || process.env.LOCKSTEP_SWARM, `${expected.length} requests`);
  assert.ok(new Set(expected).size > 0.9 * expected.length, 'most answers are different ones');
});

for (const kernel of ['simd', 'scalar']) {
  test(`Node, ${kernel}`, async () => {
    const engine = await loadEngine(wasmFile, {kernel});
    await assertSame(await answerLines(engine, file), engine);
  });
}

test('Chromium', async () => {
  const server = await serve({
    '/': import.meta.dirname,
    '/package/': packageFolder,
    '/requests': requestsPath,
  });
  const browser = await launch();
  try {
    await assertSame(await outcomeOf(browser, `${server.url}/page.html`, 600_000));
  } finally {
    await browser.close();
    server.close();
  }
});
