// The package in Chromium: without a bundler and with Vite, in the page and in a worker, under a
// strict policy, and as one script in a page opened from a file.

import assert from 'node:assert/strict';
import {cpSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {pathToFileURL} from 'node:url';

import {build} from 'vite';

import {launch, outcomeOf} from './browser.mjs';
import {install} from './installed.mjs';
import {serve} from './static-server.mjs';

// What README.md says is enough, and nothing else.
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";
const expected = {errors: ['unknown-dependency'], ends: [1000, 2000]};

let installed, browser;
before(async () => {
  installed = install();
  cpSync(join(import.meta.dirname, 'page'), join(installed.folder, 'page'), {recursive: true});
  browser = await launch();
});
after(async () => {
  await browser?.close();
  installed.remove();
});

async function visit(folders, page) {
  const server = await serve(folders, policy);
  try {
    return await outcomeOf(browser, `${server.url}/${page}`);
  } finally {
    server.close();
  }
}

const viteBuild = (outDir, options) =>
  build({
    root: join(installed.folder, 'page'),
    configFile: false,
    logLevel: 'error',
    build: {outDir, emptyOutDir: true, target: 'es2022', ...options},
    worker: {format: 'es'},
  });

test('without a bundler', async () => {
  const outcome = await visit(
    {'/': join(installed.folder, 'page'), '/package/': installed.root},
    'plain.html',
  );
  assert.deepEqual(outcome, {page: expected, scalar: expected, inline: expected, worker: expected});
});

test('with Vite', async () => {
  const site = join(installed.folder, 'site');
  await viteBuild(site, {rollupOptions: {input: join(installed.folder, 'page/bundled.html')}});
  assert.ok(readdirSync(join(site, 'assets')).some((name) => name.endsWith('.wasm')));
  assert.deepEqual(await visit({'/': site}, 'bundled.html'), {page: expected, worker: expected});
});

test('as one script, from a file', async () => {
  const folder = join(installed.folder, 'file');
  await viteBuild(folder, {
    lib: {entry: join(installed.folder, 'page/one-file.js'), formats: ['iife'], name: 'page'},
  });
  const scripts = readdirSync(folder).filter((name) => /\.m?js$/.test(name));
  assert.equal(scripts.length, 1, String(scripts));
  const script = readFileSync(join(folder, scripts[0]), 'utf8').replaceAll('</script', '<\\/script');
  writeFileSync(join(folder, 'page.html'), `<!doctype html><meta charset="utf-8"><script>${script}</script>`);
  const outcome = await outcomeOf(browser, pathToFileURL(join(folder, 'page.html')).href);
  assert.deepEqual(outcome, {inline: expected});
});
