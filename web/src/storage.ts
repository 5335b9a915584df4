// What survives a reload: the documents, in this browser's IndexedDB. Where a browser forbids that
// (private windows, sandboxed frames), nothing is kept, and nothing else changes.
import {createStore, delMany, get, keys, promisifyRequest} from 'idb-keyval';

import type {Workspace} from './workspace.js';

/** When it was kept, and by whom: two tabs have each their own. Before there were such keys, one text. */
type Key = [at: number, owner: string] | string;
const store = createStore('keyval-store', 'keyval');
/** So many are kept: of tabs that are open, and of those that were. */
const most = 10;

/** Survives a reload. It is put there when the page goes, so that a tab's copy does not have it too. */
const ownerKey = 'workspace';
let owner = takeOwner() ?? newOwner();
/** Where this tab's documents are by now. */
let kept: Key | null = null;
/** As long as nobody changes it, a tab has nothing of its own. */
let restored: Workspace | undefined;

/** What this tab had, or else the latest of all. */
export async function restore(): Promise<Workspace | undefined> {
  try {
    // Keys are in order: the newest is the last.
    const all = await keys<Key>(store);
    kept = all.find((key) => key[1] === owner) ?? null;
    const key = kept ?? all.at(-1);
    if (key !== undefined) restored = await get<Workspace>(key, store);
    await delMany(all.slice(0, -most), store);
  } catch {
    // Then it is for this visit alone.
  }
  return restored;
}

/** What was kept so far stays as it is: other documents are opened. */
export function keepApart() {
  write();
  owner = newOwner();
  kept = null;
  restored = undefined;
}

/** So long nobody has changed anything, before it is written: not at each key. */
const pause = 150;

let pending: Workspace | null = null;
let later = 0;

/** Keeps the last state that it is given. */
export function keep(workspace: Workspace) {
  if (workspace === restored) return;
  pending = workspace;
  clearTimeout(later);
  later = window.setTimeout(write, pause);
}

// Whoever leaves the page may not come back to it.
addEventListener('pagehide', () => {
  write();
  putOwner();
});
addEventListener('pageshow', takeOwner);
document.addEventListener('visibilitychange', () => document.hidden && write());

function write() {
  const workspace = pending;
  pending = null;
  if (workspace) void put(workspace).catch(() => {});
}

/** Committed at once: a page that goes away does not live to hear that it was written. */
function put(workspace: Workspace) {
  const before = kept;
  const key: Key = (kept = [Date.now(), owner]);
  return store('readwrite', (objects) => {
    if (before !== null) objects.delete(before);
    objects.put(workspace, key);
    objects.transaction.commit();
    return promisifyRequest(objects.transaction);
  });
}

function newOwner() {
  return String(Math.random());
}
function takeOwner() {
  try {
    const owner = sessionStorage.getItem(ownerKey);
    sessionStorage.removeItem(ownerKey);
    return owner;
  } catch {
    return null;
  }
}
function putOwner() {
  try {
    sessionStorage.setItem(ownerKey, owner);
  } catch {
    // Then the latest of all is restored.
  }
}

export type Theme = 'auto' | 'light' | 'dark';

// In localStorage, which answers at once: a page must not flash in the wrong colours.
function setting(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
function keepSetting(name: string, value: string) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Then it is for this visit alone.
  }
}

export function restoreTheme(): Theme {
  const theme = setting('theme');
  return theme === 'light' || theme === 'dark' ? theme : 'auto';
}
export const keepTheme = (theme: Theme) => keepSetting('theme', theme);

/** Null: none was chosen that this browser knows. */
export function restoreZone(): string | null {
  const zone = setting('zone');
  try {
    if (zone) Intl.DateTimeFormat('en', {timeZone: zone});
    return zone;
  } catch {
    return null;
  }
}
export const keepZone = (zone: string) => keepSetting('zone', zone);
