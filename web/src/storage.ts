// What survives a reload: the documents, in this browser's IndexedDB. Where a browser forbids that
// (private windows, sandboxed frames), nothing is kept, and nothing else changes.
import {get, set} from 'idb-keyval';

import type {Workspace} from './workspace.js';

const key = 'workspace';

export const restore = (): Promise<Workspace | undefined> =>
  get<Workspace>(key).catch(() => undefined);

/** So long nobody has changed anything, before it is written: not at each key. */
const pause = 150;

let pending: Workspace | null = null;
let writing = false;
let later = 0;

/** Keeps the last state that it is given. */
export function keep(workspace: Workspace) {
  pending = workspace;
  clearTimeout(later);
  later = window.setTimeout(() => void write(), pause);
}

// Whoever leaves the page leaves nothing behind.
addEventListener('pagehide', () => void write());
document.addEventListener('visibilitychange', () => document.hidden && void write());

/** One at a time. */
async function write() {
  if (writing) return;
  writing = true;
  while (pending) {
    const next: Workspace = pending;
    pending = null;
    await set(key, next).catch(() => {});
  }
  writing = false;
}

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
