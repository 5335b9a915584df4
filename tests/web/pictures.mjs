// Takes the pictures of web/README.md: pictures.mjs

import {join} from 'node:path';

import {button, emptyPage, openExample, openFiles, root, Site, tab, textIs, typeDocument, bigPlan} from './site.mjs';

const site = await Site.open();
const shoot = (page, name) => page.screenshot({path: join(root, 'web/pictures', `${name}.png`)});
const wide = {viewport: {width: 1280, height: 800}};

async function tenants(context) {
  const page = await site.visit('/index.html', {context});
  await openExample(page, 'One change for many');
  await textIs(page.locator('rollout-pane .head'), /26 tasks/);
  return page;
}

let page = await tenants(wide);
await page.locator('rollout-drawing .task[data-task="11"]').click();
await button(page, 'Let it fail').click();
await textIs(page.locator('rollout-pane .head'), /undisturbed/);
await page.waitForSelector('.task.blocked');
await shoot(page, 'what-if');
await page.close();

page = await tenants({...wide, colorScheme: 'dark'});
await typeDocument(page, (await page.locator('document-editor').evaluate((editor) => editor.doc.text)).replace('"dependsOnSpecs"', '"DependsOnSpecs"'));
await page.locator('problem-list li button').first().waitFor();
await tab(page, 'Graph').click();
await page.waitForSelector('rollout-drawing .group');
await shoot(page, 'problems-dark');
await page.close();

page = await tenants(wide);
await openFiles(page, {
  'scenario.json': JSON.stringify({
    start: '2026-11-27T22:00:00Z',
    deadline: '14m',
    durations: {
      default: {p5: '10s', p50: '30s', p95: '4m'},
    },
    failures: [{target: 'instances/eu/databases/birch', probability: '4%'}],
  }, null, 2),
});
await tab(page, 'Questions').click();
await page.locator('odds-chart .late').first().waitFor();
await shoot(page, 'questions');
await page.close();

page = await tenants({viewport: {width: 320, height: 640}});
await tab(page, 'Rollout').click();
await page.locator('rollout-drawing .task').nth(4).click();
await shoot(page, 'narrow');
await page.close();

page = await site.visit('/index.html', {context: wide});
await emptyPage(page);
await openFiles(page, {'big.json': bigPlan(1000, 10_000)});
await page.locator('lanes-canvas').waitFor();
await page.locator('lanes-canvas').evaluate((element) => element.zoom(4));
await page.waitForTimeout(300);
await shoot(page, 'ten-thousand');
await page.close();
await site.close();
