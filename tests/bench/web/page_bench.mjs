// The plan editor in Chromium: keystrokes, first load, frames. page_bench.mjs

import {brotliCompressSync, gzipSync} from 'node:zlib';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

import {bigPlan, dist, emptyPage, openFiles, Site, textIs} from '../../web/site.mjs';

const site = await Site.open();
const say = (what, value, limit) => console.log(`${what.padEnd(72)} ${value.padStart(10)}  (${limit})`);
const ms = (number) => `${number.toFixed(1)} ms`;
const at = (sorted, part) => sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)];

/** From each key to the answer of the core in the page, so many milliseconds apart. */
const type = (page, count, pause) => page.evaluate(async ([count, pause]) => {
  const app = document.querySelector('lockstep-app');
  const documents = app.shadowRoot.querySelector('documents-pane');
  const editor = documents.shadowRoot.querySelector('document-editor');
  editor.shadowRoot.querySelector('.cm-content').focus();
  const wait = (condition) => new Promise((resolve) => {
    const look = () => (condition() ? resolve() : requestAnimationFrame(look));
    look();
  });
  const times = [];
  for (let i = 0; i < count; ++i) {
    const before = documents.analysis;
    const start = performance.now();
    performance.mark('key');
    document.execCommand('insertText', false, i % 2 ? ' ' : '  ');
    await wait(() => documents.analysis !== before);
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return times.sort((a, b) => a - b);
}, [count, pause]);

/** Tasks of the page's main thread while `act` goes on, in milliseconds: computing, and by the clock. */
async function mainThread(page, act) {
  const session = await page.context().newCDPSession(page);
  const events = [];
  session.on('Tracing.dataCollected', ({value}) => events.push(...value));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents', traceConfig: {includedCategories: ['toplevel', 'blink.user_timing']},
  });
  await act();
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  const {pid, tid} = events.find(({name}) => name === 'key');
  const tasks = events.filter((event) =>
    event.name === 'ThreadControllerImpl::RunTask' && event.pid === pid && event.tid === tid && event.ph === 'X');
  const sorted = (member) => tasks.map((task) => task[member] / 1000).sort((a, b) => b - a);
  return {computing: sorted('tdur'), clock: sorted('dur')};
}

async function keystrokes(how, pause, databases, specs) {
  const page = await site.visit();
  await emptyPage(page);
  await openFiles(page, {'many.json': bigPlan(databases, specs)});
  const size = specs.toLocaleString('en');
  await textIs(page.locator('rollout-pane .head'), new RegExp(`${size} tasks`));
  await type(page, 10, pause);
  let times;
  const {computing, clock} = await mainThread(page, async () => (times = await type(page, 50, pause)));
  const longer = (tasks) => String(tasks.filter((time) => time > 16).length);
  const what = `${size} specs, ${how}`;
  say(`${what}: keystroke to fresh diagnostics, median`, ms(at(times, 0.5)), '');
  say(`${what}: 95th percentile`, ms(at(times, 0.95)), 'under 50 ms');
  // By the clock a task is longer whenever the machine does something else meanwhile.
  say(`${what}: longest task of the main thread, computing`, ms(computing[0]), 'at most 16 ms');
  say(`${what}: the same by the clock`, ms(clock[0]), '');
  say(`${what}: longer than 16 ms, of 50 keystrokes, computing`, longer(computing), '0');
  say(`${what}: the same by the clock`, longer(clock), '');
  await site.leave(page);
}

async function firstLoad() {
  const times = [];
  for (let i = 0; i < 7; ++i) {
    const page = await site.visit();
    await page.locator('rollout-drawing svg').waitFor();
    times.push(await page.evaluate(() => performance.getEntriesByName('usable')[0].startTime));
    await site.leave(page);
  }
  say('first view usable, cold cache, local server, median', ms(at(times.sort((a, b) => a - b), 0.5)), 'under 1 s');
}

async function frames() {
  const page = await site.visit();
  await emptyPage(page);
  await openFiles(page, {'big.json': bigPlan(1000, 10_000)});
  await textIs(page.locator('rollout-pane .head'), /10,000 tasks/);
  const canvas = page.locator('lanes-canvas');
  await canvas.waitFor();
  for (const [what, act] of [['pan', 'pan'], ['zoom', 'zoom']]) {
    const times = await canvas.evaluate(async (element, which) => {
      const list = [];
      let before = await new Promise(requestAnimationFrame);
      for (let i = 0; i < 120; ++i) {
        if (which === 'pan') element.pan(i % 60 < 30 ? 30 : -30, i % 40 < 20 ? 20 : -20);
        else element.zoom(i % 60 < 30 ? 1.08 : 1 / 1.08);
        const now = await new Promise(requestAnimationFrame);
        list.push(now - before);
        before = now;
      }
      return list.sort((a, b) => a - b);
    }, act);
    say(`10,000 tasks, 1,000 databases, ${what}: frame, median`, ms(at(times, 0.5)), '16.7 ms');
    say(`10,000 tasks, 1,000 databases, ${what}: frame, 95th percentile`, ms(at(times, 0.95)), '16.7 ms');
  }
  await site.leave(page);
}

function sizes() {
  const first = ['index.html', ...readdirSync(join(dist, 'assets')).filter((name) => !/scalar|lockstep-more|language-worker|papaparse/.test(name)).map((name) => `assets/${name}`)];
  for (const [how, compress] of [['gzip', (bytes) => gzipSync(bytes, {level: 9})], ['brotli', brotliCompressSync]]) {
    const of = (name) => compress(readFileSync(join(dist, name))).length;
    const sum = first.reduce((total, name) => total + of(name), 0);
    say(`first load, ${how}`, `${(sum / 1000).toFixed(0)} kB`, 'at most 350 kB');
    say(`rollout-preview.js, ${how}`, `${(of('rollout-preview.js') / 1000).toFixed(0)} kB`, 'at most 150 kB');
  }
}

try {
  await keystrokes('fast', 0, 100, 1000);
  await keystrokes('with pauses', 300, 100, 1000);
  await keystrokes('fast', 0, 1000, 10_000);
  await firstLoad();
  await frames();
  sizes();
} finally {
  await site.close();
}
