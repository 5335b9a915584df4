// Completion and hover for CodeMirror. The worker that knows is started when somebody first asks.
import {
  autocompletion,
  snippet,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import {hoverTooltip, type EditorView} from '@codemirror/view';

import type {Kind} from '../workspace.js';
import {textOf} from './text.js';

export interface Names {
  specs: string[];
  targets: string[];
  sheets: string[];
  environments: string[];
  instances: string[];
}

export interface Question {
  id: number;
  what: 'complete' | 'hover';
  kind: Kind;
  text: string;
  offset: number;
  names: Names;
}

export interface Answer {
  id: number;
  options: {
    label: string;
    type: string;
    insert: string;
    snippet: boolean;
    info: string;
    from: number;
    to: number;
  }[];
  hover: {from: number; to: number; text: string} | null;
}

class Service {
  #worker: Worker | null = null;
  #waiting = new Map<number, (answer: Answer) => void>();
  #last = 0;

  ask(question: Omit<Question, 'id'>): Promise<Answer> {
    const id = ++this.#last;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#open().postMessage({...question, id});
    });
  }

  #open() {
    if (this.#worker) return this.#worker;
    this.#worker = new Worker(new URL('./language-worker.ts', import.meta.url), {type: 'module'});
    this.#worker.onmessage = ({data}: MessageEvent<Answer>) => {
      this.#waiting.get(data.id)?.(data);
      this.#waiting.delete(data.id);
    };
    return this.#worker;
  }
}

const service = new Service();
/** Parsing a larger document at each key would be felt. */
const mostCharacters = 1_000_000;

/** `${1:name}` of the Language Server Protocol is CodeMirror's too; `$1` and `\\$` are not. */
const asSnippet = (text: string) =>
  text.replace(/\\\$|\$(\d+)/g, (_, stop) => (stop === undefined ? '$' : `\${${stop}}`));

function option(entry: Answer['options'][number]): Completion {
  return {
    label: entry.label,
    type: entry.type,
    info: entry.info || undefined,
    apply: (view, completion, from, to) => {
      // To where the value ends, if it goes on behind the cursor.
      const end = Math.max(to, Math.min(entry.to, view.state.doc.length));
      if (entry.snippet) return snippet(asSnippet(entry.insert))(view, completion, from, end);
      view.dispatch({
        changes: {from, to: end, insert: entry.insert},
        selection: {anchor: from + entry.insert.length},
        userEvent: 'input.complete',
      });
    },
  };
}

export function assistance(kind: Kind, names: () => Names) {
  const question = (what: Question['what'], view: {state: EditorView['state']}, offset: number) =>
    service.ask({what, kind, offset, text: textOf(view.state.doc), names: names()});

  const complete = async (context: CompletionContext): Promise<CompletionResult | null> => {
    if (!context.explicit && !context.matchBefore(/["\w/.-]+/)) return null;
    if (context.state.doc.length > mostCharacters) return null;
    const {options} = await question('complete', context, context.pos);
    if (context.aborted || options.length === 0) return null;
    const from = Math.min(...options.map((entry) => entry.from));
    // Labels have no quotes, so what is typed may have none for filtering.
    const quoted = context.state.sliceDoc(from, from + 1) === '"';
    return {
      from,
      options: options.map((entry) => {
        const made = option(entry);
        return quoted ? {...made, label: `"${entry.label}"`, displayLabel: entry.label} : made;
      }),
    };
  };

  const explain = hoverTooltip(async (view, position) => {
    if (view.state.doc.length > mostCharacters) return null;
    const {hover} = await question('hover', view, position);
    if (!hover) return null;
    return {
      pos: hover.from,
      end: hover.to,
      above: true,
      create: () => {
        const dom = document.createElement('div');
        dom.className = 'explain';
        dom.textContent = hover.text;
        return {dom};
      },
    };
  });

  return [autocompletion({override: [complete]}), explain];
}
