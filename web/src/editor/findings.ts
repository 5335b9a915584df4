// The core's findings as CodeMirror's: squiggles, related places, quick fixes.
import type {Diagnostic, Fix} from '@lockstep/core';
import {setDiagnostics, type Diagnostic as Squiggle} from '@codemirror/lint';
import type {ChangeDesc, Text} from '@codemirror/state';
import type {EditorView} from '@codemirror/view';

import {span} from './positions.js';

export interface Handlers {
  jump: (file: string, range: Diagnostic['range']) => void;
  fix: (fix: Fix) => void;
}

/** The list of problems has the others. */
const most = 1000;

/** What can be seen of a finding in the text. */
interface Mark {
  from: number;
  to: number;
  words: string;
}

export class Findings {
  #findings: readonly Diagnostic[] = [];
  /** What is underlined: one mark for each finding. */
  #marks: Mark[] = [];

  constructor(private readonly handlers: Handlers) {}

  /** As squiggles do by themselves, marks move with the text. */
  move(changes: ChangeDesc) {
    for (const mark of this.#marks) {
      mark.from = changes.mapPos(mark.from, 1);
      mark.to = changes.mapPos(mark.to, -1);
    }
  }

  /** Another text is shown, with whatever squiggles it had. */
  forget() {
    this.#marks = [];
  }

  /** Most keys move what is found and change nothing else: then there is nothing to do. */
  show(view: EditorView, findings: readonly Diagnostic[]) {
    this.#findings = findings.slice(0, most);
    const marks = this.#findings.map((finding) => markOf(view.state.doc, finding));
    const before = this.#marks;
    this.#marks = marks;
    if (marks.length === before.length && marks.every((mark, place) => alike(mark, before[place])))
      return;
    const list = marks.map((mark, place) => this.#squiggle(mark, place));
    view.dispatch(setDiagnostics(view.state, list));
  }

  /** Places of fixes and of what is related are those of the last answer, not of the first. */
  #squiggle({from, to}: Mark, place: number): Squiggle {
    const {severity, code, slug, message, fixes} = this.#findings[place];
    return {
      from,
      to,
      severity,
      source: `${code} ${slug}`,
      message,
      renderMessage: () => this.#message(this.#findings[place]),
      actions: fixes.map(({title}, number) => ({
        name: title,
        apply: () => this.handlers.fix(this.#findings[place].fixes[number]),
      })),
    };
  }

  #message({message, related}: Diagnostic) {
    const box = document.createElement('div');
    box.append(message);
    for (const place of related) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'related';
      button.textContent = `${place.file}:${place.range.start.line + 1} ${place.message}`;
      button.onclick = () => this.handlers.jump(place.file, place.range);
      box.append(button);
    }
    return box;
  }
}

function markOf(doc: Text, {range, severity, code, message, fixes}: Diagnostic): Mark {
  const {from, to} = span(doc, range);
  return {
    from,
    // An empty range is a place between two characters, and would not be seen.
    to: to > from ? to : Math.min(from + 1, doc.length),
    words: [severity, code, message, ...fixes.map(({title}) => title)].join('\n'),
  };
}

const alike = (a: Mark, b: Mark) => a.from === b.from && a.to === b.to && a.words === b.words;
