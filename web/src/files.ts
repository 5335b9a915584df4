// Files in and out: what a file is, by its name and its content.
import {formatDocument} from './format-document.js';
import {readJson} from './json.js';
import {
  find,
  lastPart,
  put,
  type Doc,
  type Kind,
  type Output,
  type Workspace,
} from './workspace.js';

const nameHints: [RegExp, Kind][] = [
  [/inventory/i, 'inventory'],
  [/scenario/i, 'scenario'],
  [/plan/i, 'plan'],
];

/** Of a text without a name. */
export const looksLikeJson = (text: string) => /^\s*(\{|\/\/)/.test(text);

/** Null: it is no document that this page knows. */
function jsonKind(name: string, text: string): Kind | null {
  const keys = Object.keys(readJson(text) ?? {});
  const has = (...wanted: string[]) => wanted.some((key) => keys.includes(key));
  if (has('steps', 'specs')) return 'plan';
  if (has('instances', 'environments', 'databaseGroups', 'sheets')) return 'inventory';
  if (has('durations', 'failures', 'delays', 'commands', 'parallel', 'seed')) return 'scenario';
  const hint = nameHints.find(([pattern]) => pattern.test(name));
  if (hint) return hint[1];
  return /\.jsonc?$/i.test(name) || looksLikeJson(text) ? 'plan' : null;
}

interface Export {
  documents: {role: Kind; name: string; path: string; text: string}[];
  events: object[];
  outputs: Output[];
}

/** A server keeps documents as they came, often without a line break: nobody can read that. */
const readable = (role: Kind, text: string) =>
  role === 'sheet' || text.trimEnd().includes('\n') ? text : formatDocument(text);

/** A whole rollout, as `lockstep rollout export` writes it; null when the text is something else. */
export function readExport(text: string): Workspace | null {
  if (!/^\s*\{\s*"rollout":/.test(text)) return null;
  try {
    const {documents, events, outputs} = JSON.parse(text) as Export;
    const start: Workspace = {
      docs: [],
      events: events.map((event) => `${JSON.stringify(event)}\n`).join(''),
      outputs,
    };
    return documents.reduce(
      (all, {role, name, path, text: content}) =>
        put(all, {
          kind: role,
          name: role === 'sheet' ? name : lastPart(path),
          text: readable(role, content),
        }),
      start,
    );
  } catch {
    return null;
  }
}

const isEvents = (name: string, text: string) =>
  /\.(ndjson|jsonl)$/i.test(name) || /^\s*\{"sequence":\d+,"at":/.test(text);

/** "741-add-table.sql" is sheet 741, as in a folder of sheets. */
const sheetName = (name: string) => name.replace(/\.sql$/i, '').replace(/^(\d+)-.*$/, '$1');

/** A file says no project: it is the sheet of that number in each. */
function addSheet(workspace: Workspace, number: string, text: string): Workspace {
  const known = workspace.docs.filter(
    ({kind, name}) => kind === 'sheet' && lastPart(name) === number,
  );
  const names = known.length ? known.map(({name}) => name) : [number];
  return names.reduce((all, name) => put(all, {kind: 'sheet', name, text}), workspace);
}

export function addText(workspace: Workspace, name: string, text: string): Workspace {
  if (/\.sql$/i.test(name)) return addSheet(workspace, sheetName(name), text);
  if (isEvents(name, text)) return {...workspace, events: text, outputs: undefined};
  const whole = readExport(text);
  if (whole) return whole;
  const kind = jsonKind(name, text);
  if (!kind) {
    throw new Error(
      `${name} was not opened: it is no plan, inventory or scenario (.json), no sheet (.sql) and no events (.ndjson)`,
    );
  }
  return put(workspace, {kind, name, text});
}

/**
 * A plan begins anew, with the files that come with it: unless it is another version of the one that
 * is open (of the same name) among documents that somebody has worked on.
 */
export async function addFiles(
  workspace: Workspace,
  files: File[],
  touched: boolean,
): Promise<Workspace> {
  const texts = await Promise.all(
    files.map(async (file) => ({name: file.name, text: await file.text()})),
  );
  const addTo = (start: Workspace) =>
    texts.reduce((all, {name, text}) => addText(all, name, text), start);
  const fresh = addTo({docs: [], events: null});
  const plan = find(fresh, 'plan');
  if (!plan) return addTo(workspace);
  return touched && plan.name === find(workspace, 'plan')?.name ? addTo(workspace) : fresh;
}

export function save(name: string, text: string, type = 'application/octet-stream') {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export const fileName = ({kind, name}: Doc) => (kind === 'sheet' ? `${lastPart(name)}.sql` : name);

export async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, {cache: 'no-store'});
  if (!response.ok)
    throw new Error(`${url} could not be opened: the site answered ${response.status}`);
  return response.text();
}
