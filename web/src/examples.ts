// Plans to begin with: the folders of examples/, each as it would lie on a disk.
import {addText} from './files.js';
import type {Workspace} from './workspace.js';

const files = import.meta.glob<string>('../examples/*/*.{json,sql}', {
  query: '?raw',
  import: 'default',
  eager: true,
});

const titles: [folder: string, title: string][] = [
  ['departments', 'A change for test, then for production'],
  ['documents', 'The plan of the API documents'],
  ['tenants', 'One change for many tenants'],
];

const load = (folder: string): Workspace =>
  Object.entries(files)
    .filter(([path]) => path.includes(`/${folder}/`))
    .reduce((all, [path, text]) => addText(all, path.slice(path.lastIndexOf('/') + 1), text), {
      docs: [],
      events: null,
    } as Workspace);

export const examples = titles.map(([folder, title]) => ({title, load: () => load(folder)}));
