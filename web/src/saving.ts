// What can be saved: the document that is shown, and drawings of the rollout.
import {fileName, save} from './files.js';
import type {MenuItem} from './views/menu-button.js';
import type {Doc} from './workspace.js';

/** Null when there is nothing to draw. */
export type Draw = (view: 'lanes' | 'graph', format: 'svg' | 'html') => Promise<string | null>;

export const saveDocument = (doc: Doc) => save(fileName(doc), doc.text);

export function savings(doc: Doc, draw: Draw): MenuItem[] {
  const drawing = (title: string, name: string, ...what: Parameters<Draw>): MenuItem => [
    title,
    async () => {
      const text = await draw(...what);
      if (text) save(name, text);
    },
  ];
  return [
    [fileName(doc), () => saveDocument(doc)],
    drawing('Lanes as SVG', 'lanes.svg', 'lanes', 'svg'),
    drawing('Graph as SVG', 'graph.svg', 'graph', 'svg'),
    drawing('All as HTML page', 'rollout.html', 'lanes', 'html'),
  ];
}
