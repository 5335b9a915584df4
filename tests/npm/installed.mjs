// The package as people get it: packed, and installed from the tarball into an empty folder.

import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

export const packageFolder = process.env.LOCKSTEP_PACKAGE;
export const example = (name) =>
  readFileSync(new URL(`../../native/example/${name}`, import.meta.url), 'utf8');

/** @returns {{folder: string, root: string, remove(): void}} `root`: the installed package. */
export function install() {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-npm-'));
  const npm = (...words) => execFileSync('npm', words, {cwd: folder, encoding: 'utf8'});
  const tarball = npm('pack', packageFolder, '--silent').trim();
  writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}');
  npm('install', `./${tarball}`, '--offline', '--no-audit', '--no-fund', '--silent');
  return {
    folder,
    root: join(folder, 'node_modules/@lockstep/core'),
    remove: () => rmSync(folder, {recursive: true}),
  };
}
