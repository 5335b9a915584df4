// Marks beside what the core finds: where statements of a sheet begin, where a real run failed,
// what is selected elsewhere.
import type {Range as Place, StatementsAnswer} from '@lockstep/core';
import {StateEffect, StateField, type Extension, type Range} from '@codemirror/state';
import {Decoration, EditorView, gutter, GutterMarker, type DecorationSet} from '@codemirror/view';

import {span} from './positions.js';

class Marker extends GutterMarker {
  constructor(
    readonly text: string,
    readonly title: string,
  ) {
    super();
  }
  override eq(other: Marker) {
    return other.text === this.text && other.title === this.title;
  }
  override toDOM() {
    const element = document.createElement('span');
    element.textContent = this.text;
    element.title = this.title;
    return element;
  }
}

interface Statement {
  from: number;
  number: number;
  title: string;
}

const setStatements = StateEffect.define<Statement[]>({
  map: (list, changes) => list.map((entry) => ({...entry, from: changes.mapPos(entry.from)})),
});
const statements = StateField.define<Statement[]>({
  create: () => [],
  update(list, transaction) {
    let next = transaction.docChanged
      ? list.map((entry) => ({...entry, from: transaction.changes.mapPos(entry.from)}))
      : list;
    for (const effect of transaction.effects) if (effect.is(setStatements)) next = effect.value;
    return next;
  },
});

/** A number in the gutter at the line where each statement begins. */
export const statementGutter: Extension = [
  statements,
  gutter({
    class: 'statements',
    lineMarker(view, line) {
      const starts = view.state
        .field(statements)
        .filter(({from}) => from >= line.from && from <= line.to);
      if (starts.length === 0) return null;
      const label = starts.length === 1 ? String(starts[0].number) : `${starts[0].number}…`;
      return new Marker(label, starts.map(({title}) => title).join('\n'));
    },
    lineMarkerChange: (update) =>
      update.state.field(statements) !== update.startState.field(statements),
    initialSpacer: () => new Marker('00', ''),
  }),
];

export function showStatements(view: EditorView, answer: StatementsAnswer['statements']) {
  const list = answer.map((statement, index) => ({
    from: span(view.state.doc, statement.range).from,
    number: index + 1,
    title:
      `statement ${index + 1}: ${statement.class}` +
      (statement.notInTransaction ? ', not in a transaction' : '') +
      (statement.implicitCommit ? ', commits by itself' : ''),
  }));
  view.dispatch({effects: setStatements.of(list)});
}

export interface Marks {
  /** What is selected in another view. */
  selected: Place[];
  /** Lines, from 1, at which a real run failed. */
  failed: number[];
}

const setMarks = StateEffect.define<DecorationSet>();
export const marks: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, transaction) {
    let next = set.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setMarks)) next = effect.value;
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const selectedLine = Decoration.line({class: 'selected-elsewhere'});
const failedLine = Decoration.line({class: 'failed-line'});

export function showMarks(view: EditorView, {selected, failed}: Marks) {
  const {doc} = view.state;
  const ranges: Range<Decoration>[] = [];
  for (const place of selected) {
    const {from, to} = span(doc, place);
    const last = doc.lineAt(to).number;
    for (let line = doc.lineAt(from).number; line <= last; ++line) {
      ranges.push(selectedLine.range(doc.line(line).from));
    }
  }
  for (const line of failed) {
    if (line >= 1 && line <= doc.lines) ranges.push(failedLine.range(doc.line(line).from));
  }
  view.dispatch({effects: setMarks.of(Decoration.set(ranges, true))});
}
