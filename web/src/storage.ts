// What survives a reload: the documents, in this browser's IndexedDB. Where a browser forbids that
// (private windows, sandboxed frames), nothing is kept, and nothing else changes.
import {createStore, get, promisifyRequest} from 'idb-keyval';

import type {Workspace} from './workspace.js';

const key = 'workspace';
const store = createStore('keyval-store', 'keyval');

export const restore = (): Promise<Workspace | undefined> =>
  get<Workspace>(key, store).catch(() => undefined);

/** So long nobody has changed anything, before it is written: not at each key. */
const pause = 150;

let pending: Workspace | null = null;
let later = 0;

/** Keeps the last state that it is given. */
export function keep(workspace: Workspace) {
  pending = workspace;
  clearTimeout(later);
  later = window.setTimeout(write, pause);
}

// Whoever leaves the page may not come back to it.
addEventListener('pagehide', write);
document.addEventListener('visibilitychange', () => document.hidden && write());

function write() {
  const workspace = pending;
  pending = null;
  if (workspace) void put(workspace).catch(() => {});
}

/** Committed at once: a page that goes away does not live to hear that it was written. */
const put = (workspace: Workspace) =>
  store('readwrite', (objects) => {
    objects.put(workspace, key);
    objects.transaction.commit();
    return promisifyRequest(objects.transaction);
  });

export type Theme = 'auto' | 'light' | 'dark';

// In localStorage, which answers at once: a page must not flash in the wrong colours.
export function restoreTheme(): Theme {
  try {
    const theme = localStorage.getItem('theme');
    return theme === 'light' || theme === 'dark' ? theme : 'auto';
  } catch {
    return 'auto';
  }
}
export function keepTheme(theme: Theme) {
  try {
    localStorage.setItem('theme', theme);
  } catch {
    // Then it is for this visit alone.
  }
}
