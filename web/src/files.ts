// Files in and out: what a file is, by its name and its content.
import {parse} from 'jsonc-parser';

import {put, type Doc, type Kind, type Workspace} from './workspace.js';

const nameHints: [RegExp, Kind][] = [
  [/inventory/i, 'inventory'],
  [/scenario/i, 'scenario'],
  [/plan/i, 'plan'],
];

function jsonKind(name: string, text: string): Kind {
  const keys = Object.keys(parse(text, [], {allowTrailingComma: true}) ?? {});
  const has = (...wanted: string[]) => wanted.some((key) => keys.includes(key));
  if (has('steps', 'specs')) return 'plan';
  if (has('instances', 'environments', 'databaseGroups', 'sheets')) return 'inventory';
  if (has('durations', 'failures', 'delays', 'commands', 'parallel', 'seed')) return 'scenario';
  return nameHints.find(([pattern]) => pattern.test(name))?.[1] ?? 'plan';
}

const isEvents = (name: string, text: string) =>
  /\.(ndjson|jsonl)$/i.test(name) || /^\s*\{"sequence":\d+,"at":/.test(text);

/** "741-add-table.sql" is sheet 741, as in a folder of sheets. */
const sheetName = (name: string) => name.replace(/\.sql$/i, '').replace(/^(\d+)-.*$/, '$1');

export function addText(workspace: Workspace, name: string, text: string): Workspace {
  if (/\.sql$/i.test(name)) return put(workspace, {kind: 'sheet', name: sheetName(name), text});
  if (isEvents(name, text)) return {...workspace, events: text};
  return put(workspace, {kind: jsonKind(name, text), name, text});
}

/** Several files at once replace what is there when a plan is among them. */
export async function addFiles(workspace: Workspace, files: File[]): Promise<Workspace> {
  const texts = await Promise.all(
    files.map(async (file) => ({name: file.name, text: await file.text()})),
  );
  const fresh = texts.reduce((all, {name, text}) => addText(all, name, text), {
    docs: [],
    events: null,
  } as Workspace);
  if (files.length > 1 && fresh.docs.some((doc) => doc.kind === 'plan')) return fresh;
  return texts.reduce((all, {name, text}) => addText(all, name, text), workspace);
}

export function save(name: string, text: string, type = 'application/octet-stream') {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export const fileName = ({kind, name}: Doc) =>
  kind === 'sheet' ? `${name.slice(name.lastIndexOf('/') + 1)}.sql` : name;
