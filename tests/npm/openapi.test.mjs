// The description of the API is OpenAPI: tools that read such descriptions can read it. That it is
// true is what the unit tests of native/service look at.

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';

import {Validator} from '@seriousme/openapi-schema-validator';

const description = () =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/openapi.json'), 'utf8'));

test('the description is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const {valid, errors} = await validator.validate(description());
  assert.ok(valid, JSON.stringify(errors));
  assert.equal(validator.version, '3.1');
  assert.doesNotThrow(() => validator.resolveRefs());
});

test('one that is not is refused', async () => {
  const broken = description();
  delete broken.info.title;
  assert.equal((await new Validator().validate(broken)).valid, false);
});
