// Screenshots beside golden images. LOCKSTEP_UPDATE=1 takes them anew; what differs is written to
// build/screenshots, to be looked at.

import assert from 'node:assert/strict';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

import pixelmatch from 'pixelmatch';
import {PNG} from 'pngjs';

const out = join(import.meta.dirname, '../../build/screenshots');

/** At most so much of a picture may differ: edges of letters do, from one machine to another. */
const tolerated = 0.02;

export async function matchesGolden(locator, file) {
  const taken = await locator.screenshot({animations: 'disabled', caret: 'hide'});
  if (process.env.LOCKSTEP_UPDATE) {
    writeFileSync(file, taken);
    return;
  }
  assert.ok(existsSync(file), `${file} is missing: LOCKSTEP_UPDATE=1 makes it`);
  const [now, golden] = [taken, readFileSync(file)].map((bytes) => PNG.sync.read(bytes));
  const name = file.slice(file.lastIndexOf('/') + 1);
  const keep = (reason) => {
    mkdirSync(out, {recursive: true});
    writeFileSync(join(out, name), taken);
    assert.fail(`${name} ${reason}; see build/screenshots`);
  };
  if (now.width !== golden.width || now.height !== golden.height) {
    keep(`is ${now.width} x ${now.height}, was ${golden.width} x ${golden.height}`);
  }
  const different = pixelmatch(now.data, golden.data, null, now.width, now.height, {threshold: 0.2});
  if (different > tolerated * now.width * now.height) keep(`differs in ${different} pixels`);
}
