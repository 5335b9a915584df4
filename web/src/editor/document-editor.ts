// <document-editor>: one text of the workspace at a time. Each keeps its own undo history.
import type {Diagnostic, StatementsAnswer} from '@lockstep/core';
import {closeBrackets, closeBracketsKeymap, completionKeymap} from '@codemirror/autocomplete';
import {defaultKeymap, history, historyKeymap, isolateHistory} from '@codemirror/commands';
import {json} from '@codemirror/lang-json';
import {sql} from '@codemirror/lang-sql';
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language';
import {lintGutter, lintKeymap} from '@codemirror/lint';
import {highlightSelectionMatches, searchKeymap} from '@codemirror/search';
import {EditorState, type Extension, type Text, type TransactionSpec} from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import {tags} from '@lezer/highlight';
import {css, html, LitElement, type PropertyValues} from 'lit';

import {same} from '../same.js';
import {base} from '../styles.js';
import type {Doc} from '../workspace.js';
import {Findings} from './findings.js';
import {assistance, type Names} from './language.js';
import {marks, showMarks, showStatements, statementGutter, type Marks} from './marks.js';
import {span} from './positions.js';
import {textOf} from './text.js';

const colours = HighlightStyle.define([
  {tag: tags.propertyName, color: 'light-dark(#0a3d91, #8fc4ff)'},
  {tag: tags.string, color: 'light-dark(#0a5c36, #8ddb8c)'},
  {tag: [tags.number, tags.bool, tags.null], color: 'light-dark(#8a3700, #ffb77a)'},
  {tag: tags.keyword, color: 'light-dark(#7a1fa2, #e0a3ff)'},
  {tag: tags.comment, color: 'light-dark(#57606a, #9ca6b1)', fontStyle: 'italic'},
]);

const look = EditorView.theme({
  '&': {height: '100%', backgroundColor: 'var(--paper)', color: 'var(--ink)'},
  '&.cm-focused': {outline: 'none'},
  '.cm-scroller': {fontFamily: 'var(--mono)', fontSize: '13px'},
  '.cm-content': {caretColor: 'var(--ink)'},
  '.cm-cursor': {borderLeftColor: 'var(--ink)'},
  '.cm-gutters': {
    backgroundColor: 'var(--panel)',
    color: 'var(--faint)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine': {backgroundColor: 'light-dark(#f0f4f84d, #1c253180)'},
  '.cm-activeLineGutter': {backgroundColor: 'var(--selected)'},
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    {
      backgroundColor: 'light-dark(#b6dbff, #1f4a78)',
    },
  '.cm-tooltip': {
    backgroundColor: 'var(--paper)',
    color: 'var(--ink)',
    border: '1px solid var(--line)',
    maxWidth: 'min(32rem, 90vw)',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  '.explain': {padding: '6px 10px', whiteSpace: 'pre-wrap', font: '13px var(--font)'},
  '.cm-diagnostic': {font: '13px var(--font)', padding: '6px 10px'},
  '.cm-diagnosticSource': {opacity: '1', color: 'var(--faint)'},
  '.cm-diagnosticAction': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
    padding: '4px 8px',
    margin: '4px 0',
  },
  '.related': {
    display: 'block',
    border: '0',
    background: 'none',
    color: 'var(--accent)',
    padding: '2px 0',
    font: 'inherit',
    textAlign: 'left',
    cursor: 'pointer',
    textDecoration: 'underline',
  },
  '.selected-elsewhere': {backgroundColor: 'var(--selected)'},
  '.failed-line': {
    boxShadow: 'inset 3px 0 var(--error)',
    backgroundColor: 'light-dark(#ffebe9, #3b1518)',
  },
  '.statements': {minWidth: '2ch', textAlign: 'right', paddingRight: '4px'},
  // The search panel
  '.cm-textfield': {
    backgroundColor: 'var(--paper)',
    color: 'var(--ink)',
    border: '1px solid var(--line)',
  },
  '.cm-button': {
    backgroundImage: 'none',
    backgroundColor: 'var(--paper)',
    color: 'var(--ink)',
    border: '1px solid var(--line)',
  },
  '.cm-panel.cm-search [name=close]': {color: 'var(--ink)'},
  '.cm-searchMatch': {backgroundColor: 'light-dark(#ffe58a, #5c4a00)'},
  '.cm-searchMatch-selected': {backgroundColor: 'light-dark(#ffc266, #8a5a00)'},
  '.cm-panels': {backgroundColor: 'var(--panel)', color: 'var(--ink)'},
});

export class DocumentEditor extends LitElement {
  static override properties = {
    doc: {attribute: false},
    docs: {attribute: false},
    findings: {attribute: false},
    names: {attribute: false},
    marks: {attribute: false, hasChanged: (a: Marks, b: Marks) => !same(a, b)},
    statements: {attribute: false},
  };
  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-height: 0;
        overflow: hidden;
      }
      .editor {
        height: 100%;
      }
    `,
  ];

  declare doc: Doc;
  /** Those behind tabs, too. */
  declare docs: readonly Doc[];
  declare findings: readonly Diagnostic[];
  declare names: () => Names;
  declare marks: Marks;
  declare statements: StatementsAnswer['statements'] | null;

  #view: EditorView | null = null;
  #states = new Map<string, EditorState>();
  #shown = '';
  #findings = new Findings({
    jump: (file, range) => this.#tell('jump', {file, range}),
    fix: (fix) => this.#tell('fix', fix),
  });

  override render() {
    return html`<div class="editor"></div>`;
  }

  override firstUpdated() {
    const parent = this.renderRoot.querySelector('.editor')!;
    this.#view = new EditorView({
      parent,
      // In a shadow root styles are adopted, which a strict Content-Security-Policy allows.
      root: this.renderRoot as ShadowRoot,
      state: this.#stateOf(this.doc),
    });
    this.#shown = this.doc.name;
  }

  override updated(changed: PropertyValues<this>) {
    const view = this.#view!;
    this.#changeOthers((changed.get('docs') as readonly Doc[] | undefined) ?? this.docs);
    const switched = this.#shown !== this.doc.name;
    if (switched) {
      this.#states.set(this.#shown, view.state);
      this.#shown = this.doc.name;
      view.setState(this.#stateOf(this.doc));
      this.#findings.forget();
    } else if (textOf(view.state.doc) !== this.doc.text) {
      view.dispatch(replacement(view.state, this.doc.text));
    }
    if (switched || changed.has('findings')) this.#showFindings(view.state.doc);
    if (switched || changed.has('marks')) showMarks(view, this.marks);
    if (this.doc.kind === 'sheet' && this.statements && (switched || changed.has('statements'))) {
      showStatements(view, this.statements);
    }
  }

  /** What fixes and what-ifs change in documents that are not shown, each as an edit of its own. */
  #changeOthers(before: readonly Doc[]) {
    this.docs.forEach((doc, place) => {
      if (doc === before[place] || doc.name === this.#shown) return;
      const old = before.find(({name}) => name === doc.name);
      if (!old || old.text === doc.text) return;
      this.#states.set(doc.name, this.#stateOf(old));
      this.#states.set(doc.name, this.#stateOf(doc));
    });
  }

  #stateOf(doc: Doc) {
    const kept = this.#states.get(doc.name);
    if (!kept) return EditorState.create({doc: doc.text, extensions: this.#extensions(doc)});
    return textOf(kept.doc) === doc.text ? kept : kept.update(replacement(kept, doc.text)).state;
  }

  #extensions(doc: Doc): Extension[] {
    return [
      lineNumbers(),
      doc.kind === 'sheet' ? statementGutter : [codeFolding(), foldGutter()],
      highlightActiveLineGutter(),
      history(),
      drawSelection(),
      EditorState.allowMultipleSelections.of(true),
      indentOnInput(),
      syntaxHighlighting(colours),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      doc.kind === 'sheet' ? sql() : [json(), assistance(doc.kind, () => this.names())],
      lintGutter(),
      marks,
      look,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({'aria-label': doc.name, tabindex: '0'}),
      // Tab is not taken: it leads out of the editor, as everywhere on a page.
      keymap.of([
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...searchKeymap,
        ...historyKeymap,
        ...foldKeymap,
        ...completionKeymap,
        ...lintKeymap,
      ]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) {
          this.#findings.move(update.changes);
          this.#tell('edit', {name: doc.name, text: textOf(update.state.doc)});
        }
        if (update.selectionSet && !update.docChanged && update.view.hasFocus) {
          const head = update.state.selection.main.head;
          const line = update.state.doc.lineAt(head);
          this.#tell('place', {name: doc.name, line: line.number - 1, character: head - line.from});
        }
      }),
    ];
  }

  /** In a task of its own: a thousand findings take their time, and somebody is typing. */
  #showFindings(doc: Text) {
    setTimeout(() => {
      // Of another text there will be others.
      if (this.#view!.state.doc === doc) this.#findings.show(this.#view!, this.findings);
    });
  }

  /** Puts the cursor there and shows it. */
  async reveal(range: Diagnostic['range'], focus = true) {
    await this.updateComplete;
    const view = this.#view!;
    const {from, to} = span(view.state.doc, range);
    view.dispatch({
      selection: {anchor: from, head: focus ? to : from},
      effects: EditorView.scrollIntoView(from, {y: 'center'}),
    });
    if (focus) view.focus();
  }

  #tell(type: string, detail: unknown) {
    this.dispatchEvent(new CustomEvent(type, {detail}));
  }
}
customElements.define('document-editor', DocumentEditor);

/** Somebody else changed the text: as an edit, so that it can be undone. */
function replacement(state: EditorState, text: string): TransactionSpec {
  const old = textOf(state.doc);
  let from = 0;
  while (from < old.length && from < text.length && old[from] === text[from]) ++from;
  let end = 0;
  const most = Math.min(old.length, text.length) - from;
  while (end < most && old[old.length - 1 - end] === text[text.length - 1 - end]) ++end;
  return {
    changes: {from, to: old.length - end, insert: text.slice(from, text.length - end)},
    annotations: isolateHistory.of('full'),
  };
}
