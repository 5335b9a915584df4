// The editor: findings as one types, fixes, completion, hover, documents, undo, reload.

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';

import {button, documentText, emptyPage, eventually, openExample, openFiles, root, Site, tab, textIs, typeDocument} from './site.mjs';

let site, page;
before(async () => (site = await Site.open({'/examples/': join(root, 'web/examples')})));
after(() => site.close());

const visit = (name, body, start = async () => {}) =>
  test(name, async () => {
    page = await site.visit();
    await start(page);
    await body();
    await site.leave(page);
  });

const spec = (id, more = '') =>
  `{"id": "${id}", ${more}"changeDatabaseConfig": {"target": "instances/i/databases/d", "sheet": "projects/p/sheets/1", "type": "MIGRATE"}}`;
const a = '083c1c01-a0a6-485d-ae60-d6de2760ca4f';
const b = 'faa54bb9-0bb3-42bf-aa10-cffc73e19e33';
const planOf = (...specs) => `{"steps": [{"title": "one", "specs": [\n${specs.join(',\n')}\n]}]}`;

visit('begins with an example that works', async () => {
  await textIs(page.locator('problem-list'), /No problems found/);
  await textIs(page.locator('rollout-pane .head'), /DONE/);
});

visit('a mistake is underlined, listed, and the list leads to it', async () => {
  await typeDocument(page, planOf(spec(a, '"dependsOnSpecs": ["nobody"], ')));
  await textIs(page.locator('problem-list'), /"nobody"[^]*plan\.json:2/);
  await page.waitForSelector('.cm-lintRange-error');
  await textIs(page.locator('problem-list li'), /^✕ ?error: /);
  await page.locator('problem-list').getByRole('button', {name: /nobody/}).first().click();
  assert.equal(await page.evaluate(() => {
    let {activeElement} = document;
    while (activeElement.shadowRoot?.activeElement) ({activeElement} = activeElement.shadowRoot);
    return activeElement.className;
  }).then((name) => name.includes('cm-content')), true);
}, emptyPage);

visit('while the plan is broken, the last one without errors is shown, in any view', async () => {
  await typeDocument(page, (await documentText(page)).replace('"id"', '"Id"'));
  await textIs(page.locator('rollout-pane'), /plan\.json has errors: this is the last one without/);
  await tab(page, 'Graph').click();
  await page.waitForSelector('rollout-drawing .group');
});

visit('a quick fix changes the text, and undo takes it back', async () => {
  await typeDocument(page, planOf(spec(a), spec(b, `"DependsOnSpecs": ["${a}"], `)));
  await page.locator('problem-list').getByRole('button', {name: 'rename it to "dependsOnSpecs"'}).click();
  await textIs(page.locator('rollout-pane .head'), /2 tasks/);
  assert.ok((await documentText(page)).includes(`"dependsOnSpecs": ["${a}"]`));
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+z');
  await eventually(async () => assert.ok((await documentText(page)).includes('"DependsOnSpecs"')));
}, emptyPage);

visit('a fix is made where its finding is by now', async () => {
  await typeDocument(page, planOf(spec(a), spec(b, `"DependsOnSpecs": ["${a}"], `)));
  const underlined = page.locator('.cm-lintRange-error', {hasText: 'DependsOnSpecs'});
  await underlined.waitFor();
  await page.locator('.cm-content').press('Control+Home');
  await page.keyboard.type('\n\n   ');
  await textIs(page.locator('problem-list'), /plan\.json:5/);
  await underlined.hover();
  await page.locator('.cm-diagnosticAction').click();
  await textIs(page.locator('rollout-pane .head'), /2 tasks/);
  const fixed = planOf(spec(a), spec(b, `"dependsOnSpecs": ["${a}"], `));
  assert.equal(await documentText(page), `\n\n   ${fixed}`);
}, emptyPage);

visit('what others change in a document behind a tab can be undone there', async () => {
  await openExample(page, 'One change for many');
  await tab(page, 'scenario.json').click();
  const before = await documentText(page);
  await tab(page, 'plan.json').click();
  await page.locator('rollout-drawing .task').first().click();
  await button(page, 'Let it fail').click();
  await tab(page, 'scenario.json').click();
  assert.match(await documentText(page), /failures/);
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+z');
  await eventually(async () => assert.equal(await documentText(page), before));
});

visit('a document that was never shown can be undone, too: fixes, and what-ifs taken back', async () => {
  const undone = async (name, before) => {
    await tab(page, name).click();
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+z');
    await eventually(async () => assert.equal(await documentText(page), before));
  };
  const wrong = `{"Environments": [{"name": "environments/e"}], "instances": [{"name": "instances/i",
    "engine": "POSTGRES", "environment": "environments/e", "databases": [{"name": "instances/i/databases/d"}]}]}`;
  const failing = `{\n  "failures": [{"spec": "${a}"}]\n}\n`;
  await openFiles(page, {'plan.json': planOf(spec(a)), 'inventory.json': wrong, 'scenario.json': failing});
  await page.locator('problem-list').getByRole('button', {name: 'rename it to "environments"'}).click();
  await button(page, 'Undo all what-ifs').click();
  await button(page, 'Undo all what-ifs').waitFor({state: 'detached'});
  await undone('inventory.json', wrong);
  await undone('scenario.json', failing);
}, emptyPage);

visit('hover says what a field means', async () => {
  await page.locator('.cm-line', {hasText: '"dependsOnSpecs"'}).first().locator('span', {hasText: 'dependsOnSpecs'}).first().hover();
  await textIs(page.locator('.explain'), /spec/i);
});

/** What is offered behind the first place in the document that has `before`. */
async function offered(text, before, wanted) {
  await typeDocument(page, text);
  await page.locator('document-editor').evaluate((editor, place) => {
    const at = editor.doc.text.indexOf(place) + place.length;
    const line = editor.doc.text.slice(0, at).split('\n').length - 1;
    const character = at - editor.doc.text.lastIndexOf('\n', at - 1) - 1;
    return editor.reveal({start: {line, character}, end: {line, character}});
  }, before);
  await page.keyboard.press('Control+Space');
  await textIs(page.locator('.cm-tooltip-autocomplete'), wanted);
  await page.keyboard.press('Escape');
}

visit('completes fields, values, ids of specs and targets', async () => {
  await openExample(page, 'A change for test');
  await tab(page, 'inventory.json').click();
  await tab(page, 'plan.json').click();
  const text = await documentText(page);
  await offered(text, '"dependsOnSpecs": ["', /0c4b1a52-6f6d/);
  await offered(text, '"target": "', /projects\/hr\/databaseGroups\/test/);
  await offered(text, '"type": "', /MIGRATE_GHOST/);
  await offered(text, '"changeDatabaseConfig": {\n            ', /schemaVersion/);
});

visit('what is completed is what belongs there', async () => {
  const chosen = async (text, before, label) => {
    await offered(text, before, label);
    await page.keyboard.press('Control+Space');
    await page.locator('.cm-tooltip-autocomplete li', {hasText: label}).first().click();
  };
  await chosen('{\n  "steps": [],\n  \n}', '[],\n  ', /\$schema/);
  await eventually(async () => assert.match(await documentText(page), /^ {2}"\$schema": /m));
  await openFiles(page, {'7-more.sql': 'SELECT 1;\n'});
  await tab(page, 'plan.json').click();
  await chosen(planOf(spec(a), spec(b)).replace(/sheets\/1"(?![^]*sheets\/1")/, '"').replace('projects/p/"', '"'), 'sheet": ""'.slice(0, -1), /sheets\/7/);
  await eventually(async () => assert.match(await documentText(page), /"sheet": "projects\/p\/sheets\/7"/));
}, emptyPage);

visit('completes scenarios and windows, and says what they mean', async () => {
  await openExample(page, 'One change for many');
  await tab(page, 'scenario.json').click();
  await offered('{ }', '{', /deadline[^]*locks[^]*maximumConnections[^]*outages/);
  await offered('{"durations": { }}', ': {', /classes[^]*connect/);
  await offered('{"failures": [{ }]}', '[{', /attempts[^]*probability/);
  await offered('{"failures": [{"spec": ""}]}', '"spec": "', /fd724452/);
  await offered('{"outages": [{"instance": ""}]}', '"instance": "', /instances\/eu/);
  await tab(page, 'inventory.json').click();
  await offered('{"environments": [{"name": "environments/prod", }]}', 'prod", ', /freeze[^]*window/);
  await typeDocument(page, '{"stages": []}');
  await page.locator('.cm-line span', {hasText: 'stages'}).first().hover();
  await textIs(page.locator('.explain'), /Windows and freezes/);
});

visit('the outline lists steps and specs, and leads to them', async () => {
  await tab(page, 'Outline').click();
  await page.locator('plan-outline').getByRole('button', {name: /5a90c3f4/}).click();
  await textIs(page.locator('task-panel'), /Task 3/);
  await page.waitForSelector('.selected-elsewhere');
});

visit('formats a document and keeps its comments', async () => {
  await typeDocument(page, `{"steps":[ // first\n{"specs":[]}]}`);
  await button(page, 'Format').click();
  await eventually(async () => assert.equal(await documentText(page), '{\n  "steps": [ // first\n    {\n      "specs": []\n    }\n  ]\n}\n'));
});

visit('sheets show where statements begin, and what is wrong in them', async () => {
  await tab(page, '101.sql').click();
  await textIs(page.locator('.statements'), /1/);
  await typeDocument(page, "CREATE TABLE a (x int);\n\nINSERT INTO a VALUES ('open");
  await textIs(page.locator('problem-list'), /101:3/);
  await page.waitForSelector('.cm-lintRange-error');
  assert.match(await tab(page, /101\.sql/).innerText(), /1/);
});

visit('several files open as what they are', async () => {
  const folder = new URL('../../web/examples/tenants/', import.meta.url);
  const read = (name) => readFileSync(new URL(name, folder), 'utf8');
  await openFiles(page, {
    'my-change.json': read('plan.json'),
    'what-is-where.json': read('inventory.json'),
    'night.json': read('scenario.json'),
    '1-add.sql': read('1.sql'),
    '2.sql': read('2.sql'),
    '3.sql': read('3.sql'),
  });
  await textIs(page.locator('rollout-pane .head'), /26 tasks/);
  for (const name of ['my-change.json', 'what-is-where.json', 'night.json', '1.sql']) await tab(page, name).waitFor();
  assert.equal(await page.getByRole('tab', {name: '101.sql'}).count(), 0);
});

visit('a file is dropped', async () => {
  const data = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'dropped.json'));
    return transfer;
  }, planOf(spec(a)));
  await page.dispatchEvent('lockstep-app', 'dragover', {dataTransfer: data});
  await page.dispatchEvent('lockstep-app', 'drop', {dataTransfer: data});
  await tab(page, 'dropped.json').waitFor();
  await textIs(page.locator('rollout-pane .head'), /1 task/);
});

visit('saves what is shown', async () => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Control+s')]);
  assert.equal(download.suggestedFilename(), 'plan.json');
  assert.equal(readFileSync(await download.path(), 'utf8'), await documentText(page));
});

test('work survives a reload, and a reload without network', async () => {
  page = await site.visit();
  await emptyPage(page);
  await typeDocument(page, planOf(spec(a)));
  await textIs(page.locator('rollout-pane .head'), /1 task/);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await eventually(() => page.evaluate(() => caches.keys().then(async ([key]) => {
    const kept = await (await caches.open(key)).keys();
    if (kept.length < 6) throw new Error('not yet');
  })));
  await page.reload();
  await page.waitForSelector('html[data-ready]');
  await textIs(page.locator('rollout-pane .head'), /1 task/);
  await page.context().setOffline(true);
  await page.reload();
  await page.waitForSelector('html[data-ready]');
  await textIs(page.locator('rollout-pane .head'), /1 task/);
  assert.ok((await documentText(page)).includes(a));
  await site.leave(page);
});

test('two tabs keep their own work, and a new one has the latest', async () => {
  page = await site.visit();
  const inTab = async (name) => {
    const other = await page.context().newPage();
    await other.goto(`${site.url}/index.html`);
    await other.waitForSelector('html[data-ready]');
    await emptyPage(other);
    await openFiles(other, {[name]: planOf(spec(a))});
    await tab(other, name).waitFor();
    await other.reload();
    await tab(other, name).waitFor();
    return other;
  };
  const first = await inTab('first.json');
  const second = await inTab('second.json');
  await first.reload();
  await tab(first, 'first.json').waitFor();
  await page.reload();
  await tab(page, 'plan.json').waitFor();
  await second.close();
  const third = await page.context().newPage();
  await third.goto(`${site.url}/index.html`);
  await tab(third, 'second.json').waitFor();
  await site.leave(page);
});

test('of documents that were open, the newest ten sets are kept', async () => {
  page = await site.visit();
  for (let number = 1; number <= 13; ++number) {
    await openFiles(page, {[`plan-${number}.json`]: planOf(spec(a))});
    await tab(page, `plan-${number}.json`).waitFor();
  }
  await page.reload();
  await tab(page, 'plan-13.json').waitFor();
  await eventually(async () => assert.equal(await page.evaluate(() => new Promise((resolve, reject) => {
    const opening = indexedDB.open('keyval-store');
    opening.onerror = reject;
    opening.onsuccess = () => {
      const counting = opening.result.transaction('keyval').objectStore('keyval').count();
      counting.onsuccess = () => {
        opening.result.close();
        resolve(counting.result);
      };
    };
  })), 10));
  await site.leave(page);
});

visit('asks the network for nothing once it is loaded', async () => {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await eventually(() => page.evaluate(() => caches.keys().then(async ([key]) => {
    if ((await (await caches.open(key)).keys()).length < 6) throw new Error('not yet');
  })));
  const before = page.requests.length;
  await emptyPage(page);
  await typeDocument(page, planOf(spec(a), spec(b)));
  for (const view of ['Graph', 'Table', 'Lanes']) await tab(page, view).click();
  await textIs(page.locator('rollout-pane .head'), /2 tasks/);
  await button(page, 'Play').click();
  await openExample(page, 'One change');
  await textIs(page.locator('rollout-pane .head'), /26 tasks/);
  // Completion starts its worker when it is first asked for: kept by then.
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+Space');
  await page.waitForSelector('.cm-tooltip-autocomplete');
  assert.deepEqual(page.requests.slice(before), []);
});

test('an address that opens documents begins anew', async () => {
  page = await site.visit();
  await openExample(page, 'One change for many');
  await tab(page, 'scenario.json').waitFor();
  await page.goto(`${site.url}/index.html?open=/examples/documents/plan.json`);
  await page.waitForSelector('html[data-ready]');
  await textIs(page.locator('rollout-pane .head'), /4 tasks/);
  assert.equal(await tab(page, 'scenario.json').count(), 0);
  await site.leave(page);
});

visit('a menu closes when somebody presses where nothing takes focus', async () => {
  const summary = page.locator('summary[aria-label="Add a document"]');
  const isOpen = () => summary.evaluate((element) => element.parentElement.open);
  await summary.click();
  assert.equal(await isOpen(), true);
  await page.locator('problem-list').click({position: {x: 2, y: 2}});
  await eventually(async () => assert.equal(await isOpen(), false));
});

visit('a file of Windows has its lines, and no more', async () => {
  await openFiles(page, {'102-note.sql': "INSERT INTO note VALUES ('one\r\ntwo');\r\nSELECT 1;\r\n"});
  await tab(page, '102.sql').waitFor();
  await eventually(async () =>
    assert.equal(await documentText(page), "INSERT INTO note VALUES ('one\ntwo');\nSELECT 1;\n"));
});

visit('the file of a sheet takes the place of the one that has its full name', async () => {
  await openFiles(page, {'plan.json': planOf(spec(a))});
  await page.locator('summary[aria-label="Add a document"]').click();
  await page.getByRole('button', {name: 'Sheet projects/p/sheets/1', exact: true}).click();
  await tab(page, '1.sql').and(page.locator('[aria-selected=true]')).waitFor();
  await openFiles(page, {'1-note.sql': 'CREATE TABLE note (id int);\n'});
  await eventually(async () => assert.equal(await documentText(page), 'CREATE TABLE note (id int);\n'));
  assert.equal(await tab(page, '1.sql').count(), 1);
}, emptyPage);

visit('a pasted inventory is a document of its own', async () => {
  await emptyPage(page);
  await page.locator('rollout-pane').evaluate((element) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', '{"instances": [], "environments": []}');
    element.dispatchEvent(
      new ClipboardEvent('paste', {clipboardData, bubbles: true, composed: true, cancelable: true}),
    );
  });
  await tab(page, 'inventory.json').waitFor();
  await tab(page, 'plan.json').click();
  await typeDocument(page, planOf(spec(a)));
  await tab(page, 'inventory.json').click();
  await eventually(async () => assert.match(await documentText(page), /"instances": \[\]/));
});

visit('a plan of another name takes the place of what was open, and Undo brings that back', async () => {
  await typeDocument(page, planOf(spec(a), spec(b)));
  await openFiles(page, {'inventory.json': '{"instances": [], "environments": []}'});
  await tab(page, 'inventory.json').waitFor();
  await openFiles(page, {'other.json': planOf(spec(a))});
  await textIs(page.locator('.notice'), /plan\.json and 1 other document were replaced\./);
  await textIs(page.locator('rollout-pane .head'), /1 task/);
  await button(page, 'Undo').click();
  await tab(page, 'inventory.json').waitFor();
  assert.equal(await documentText(page), planOf(spec(a), spec(b)));
  await textIs(page.locator('.notice'), /other\.json was replaced\./);
  await openFiles(page, {'staging.json': '{"instances": []}'});
  await tab(page, 'staging.json').waitFor();
  await textIs(page.locator('.notice'), /inventory\.json was replaced\./);
  await button(page, 'Undo').click();
  await tab(page, 'inventory.json').waitFor();
  // Examples can be had again.
  await openExample(page, 'One change for many');
  await button(page, 'Dismiss').click();
  await openExample(page, 'A change for test');
  await textIs(page.locator('rollout-pane .head'), /6 tasks/);
  assert.equal(await page.locator('.notice').count(), 0);
}, emptyPage);

visit('a plan that is nested too deep is a finding', async () => {
  await openFiles(page, {'deep.json': '['.repeat(20_000)});
  await textIs(page.locator('problem-list'), /nested more than 1000 deep[^]*deep\.json:1:1001/);
  await page.locator('.cm-content').click();
  await page.keyboard.type('{');
  await page.keyboard.press('Control+Space');
  await button(page, 'Format').click();
  await openFiles(page, {'inventory.json': '['.repeat(20_000), 'scenario.json': '{"a":'.repeat(20_000)});
  await textIs(page.locator('problem-list'), /inventory\.json:1:1001[^]*scenario\.json:1/);
  await openExample(page, 'One change for many');
  await textIs(page.locator('rollout-pane .head'), /26 tasks/);
}, emptyPage);

visit('a file that is none of its documents changes nothing', async () => {
  await emptyPage(page);
  await typeDocument(page, planOf(spec(a)));
  await openFiles(page, {'notes.txt': 'to do'});
  await page.getByText('notes.txt was not opened').waitFor();
  assert.ok((await documentText(page)).includes(a));
});
