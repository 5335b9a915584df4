// Puts the package together: package.js BUILD_FOLDER OUT_FOLDER MODULE...
// What was compiled, the scripts around it, the schemas; and the modules once more as scripts.

import {strict as assert} from 'node:assert';
import {cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {gzipSync} from 'node:zlib';

const here = new URL('.', import.meta.url).pathname;
const [build, out, ...modules] = process.argv.slice(2);
rmSync(out, {recursive: true, force: true});
mkdirSync(`${out}/dist`, {recursive: true});

// One glue serves all modules.
const glueOf = (name) =>
  readFileSync(`${build}/${name}.mjs`, 'utf8').replaceAll(`${name}.wasm`, 'lockstep.wasm');
const glue = glueOf('lockstep');
for (const name of modules) assert.equal(glueOf(name), glue);
// The loader hands the module in, so nobody needs to know where it lies. A bundler that sees this
// would put the module into the script once more.
const place = /new URL\("lockstep\.wasm", ?import\.meta\.url\)\.(toString\(\)|href)/g;
assert.equal(glue.match(place)?.length, 1);
writeFileSync(`${out}/dist/lockstep.mjs`, glue.replace(place, '"lockstep.wasm"'));

for (const name of modules) {
  const wasm = readFileSync(`${build}/${name}.wasm`);
  writeFileSync(`${out}/dist/${name}.wasm`, wasm);
  const base64 = gzipSync(wasm, {level: 9}).toString('base64');
  writeFileSync(`${out}/dist/${name}-inline.js`, `export const base64 =\n  '${base64}';\n`);
}
cpSync(`${here}/src`, `${out}/dist`, {recursive: true});
for (const name of ['package.json', 'README.md']) cpSync(`${here}/${name}`, `${out}/${name}`);

const schemas = `${here}/../schemas`;
mkdirSync(`${out}/schemas`);
for (const name of readdirSync(schemas).filter((file) => file.endsWith('.json'))) {
  cpSync(`${schemas}/${name}`, `${out}/schemas/${name}`);
}
