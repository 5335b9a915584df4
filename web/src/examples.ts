// Plans to begin with: the folders of examples/, each as it would lie on a disk.
import {addText} from './files.js';
import {same} from './same.js';
import {emptyWorkspace, type Workspace} from './workspace.js';

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

/** What the page offers by itself can be had again: nothing is lost with it. */
export const isOffered = (workspace: Workspace) =>
  [emptyWorkspace, ...examples.map((example) => example.load())].some((offered) =>
    same(offered, workspace),
  );
