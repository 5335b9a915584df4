// <documents-pane>: the documents in tabs, the editor, and below it problems and outline. Tells of
// every change as a new workspace.
import type {Diagnostic, Fix, Lockstep, Range, StatementsAnswer} from '@lockstep/core';
import {css, html, LitElement, nothing, type PropertyValues} from 'lit';

import {specsOf, superseded, type Analysis} from '../analysis.js';
import '../editor/document-editor.js';
import type {DocumentEditor} from '../editor/document-editor.js';
import type {Names} from '../editor/language.js';
import type {Marks} from '../editor/marks.js';
import {fileName} from '../files.js';
import {formatDocument} from '../format-document.js';
import {failureOf, type Selection} from '../selection.js';
import {base} from '../styles.js';
import {
  applyFix,
  emptyDoc,
  emptyWorkspace,
  find,
  findDoc,
  findSheet,
  lastPart,
  put,
  remove,
  setText,
  type Doc,
  type Workspace,
} from '../workspace.js';
import './menu-button.js';
import type {MenuItem} from './menu-button.js';
import './plan-outline.js';
import './problem-list.js';
import './tab-bar.js';
import type {Tab} from './tab-bar.js';

const none: Diagnostic[] = [];

export class DocumentsPane extends LitElement {
  static override properties = {
    core: {attribute: false},
    workspace: {attribute: false},
    analysis: {attribute: false},
    selection: {attribute: false},
    shown: {},
    bottom: {state: true},
    statements: {state: true},
  };
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 4px;
        border-bottom: 1px solid var(--line);
        padding: 2px 6px;
      }
      tab-bar {
        flex: 1;
      }
      document-editor {
        flex: 1 1 60%;
        min-height: 120px;
      }
      .bottom {
        flex: 0 1 34%;
        min-height: 110px;
        display: flex;
        flex-direction: column;
        border-top: 1px solid var(--line);
      }
      problem-list,
      plan-outline {
        flex: 1;
        min-height: 0;
      }
    `,
  ];

  declare core: Lockstep | null;
  declare workspace: Workspace;
  declare analysis: Analysis;
  declare selection: Selection;
  /** The name of the document that is shown. */
  declare shown: string;
  declare bottom: 'problems' | 'outline';
  declare statements: StatementsAnswer['statements'] | null;

  /** Findings by document, and the names of those documents. */
  #found = new Map<string, Diagnostic[]>();
  #foundIn = '';

  constructor() {
    super();
    this.bottom = 'problems';
    this.statements = null;
  }

  get doc(): Doc {
    return this.workspace.docs.find(({name}) => name === this.shown) ?? this.workspace.docs[0];
  }

  async reveal(range: Range, focus: boolean) {
    await this.updateComplete;
    await this.renderRoot.querySelector<DocumentEditor>('document-editor')!.reveal(range, focus);
  }

  override willUpdate(changed: PropertyValues<this>) {
    const {workspace} = this;
    const names = workspace.docs.map(({name}) => name).join();
    const before = changed.get('analysis') as Analysis | undefined;
    const fresh = changed.has('analysis') && before?.diagnostics !== this.analysis.diagnostics;
    if (!fresh && names === this.#foundIn) return;
    this.#foundIn = names;
    this.#found = Map.groupBy(
      this.analysis.diagnostics,
      ({file}) => findDoc(workspace, file)?.name ?? '',
    );
  }

  override updated(changed: PropertyValues<this>) {
    if (['shown', 'workspace', 'analysis'].some((name) => changed.has(name as keyof DocumentsPane)))
      void this.#split();
  }

  /** Statements of the sheet that is shown, by the engine that runs it. */
  async #split() {
    const {doc} = this;
    if (doc.kind !== 'sheet' || !this.core) return;
    const sheet = this.analysis.outline?.sheets.find(
      ({name}) => lastPart(name) === lastPart(doc.name),
    );
    // Without an inventory nobody knows it.
    const engine = sheet?.engines.find((name) => name !== 'ENGINE_UNSPECIFIED');
    if (!engine) return;
    try {
      const {statements} = await this.core.statements(
        {sheet: doc.text, sheetName: doc.name, engine},
        {channel: 'statements'},
      );
      if (this.doc === doc) this.statements = statements;
    } catch (error) {
      if (!superseded(error)) throw error;
    }
  }

  override render() {
    const {doc} = this;
    return html`<div class="bar">
        <tab-bar
          label="Documents"
          .tabs=${this.#tabs()}
          .selected=${doc.name}
          @choose=${(event: CustomEvent<string>) => this.#tell('show', event.detail)}
        ></tab-bar>
        <menu-button label="+" name="Add a document" .items=${this.#additions()}></menu-button>
        ${doc.kind === 'sheet'
          ? nothing
          : html`<button type="button" @click=${this.#format}>Format</button>`}
      </div>
      <document-editor
        .doc=${doc}
        .docs=${this.workspace.docs}
        .findings=${this.#found.get(doc.name) ?? none}
        .names=${this.#names}
        .marks=${this.#marks(doc)}
        .statements=${this.statements}
        @edit=${(event: CustomEvent<{name: string; text: string}>) =>
          this.#change(setText(this.workspace, event.detail.name, event.detail.text))}
        @place=${this.#cursorMoved}
        @jump=${this.#jump}
        @fix=${this.#fix}
      ></document-editor>
      <section class="bottom" aria-label="Problems and outline">
        <div class="bar">
          <tab-bar
            label="Problems and outline"
            .tabs=${this.#bottomTabs()}
            .selected=${this.bottom}
            @choose=${(event: CustomEvent<'problems' | 'outline'>) => (this.bottom = event.detail)}
          ></tab-bar>
        </div>
        ${this.bottom === 'problems'
          ? html`<problem-list
              .diagnostics=${this.analysis.diagnostics}
              .near=${this.selection.place}
              @jump=${this.#jump}
              @fix=${this.#fix}
            ></problem-list>`
          : html`<plan-outline
              .outline=${this.analysis.outline}
              .selected=${this.selection.spec}
              @spec=${(event: CustomEvent<number>) => this.#tell('select-spec', event.detail)}
              @jump=${this.#jump}
            ></plan-outline>`}
      </section>`;
  }

  #tabs(): Tab[] {
    return this.workspace.docs.map((doc) => {
      const found = (this.#found.get(doc.name) ?? none).filter(({severity}) => severity !== 'info');
      return {
        id: doc.name,
        label: fileName(doc),
        badge: found.length ? String(found.length) : '',
        severity: found.some(({severity}) => severity === 'error') ? 'error' : 'warning',
      };
    });
  }

  #bottomTabs(): Tab[] {
    const {diagnostics} = this.analysis;
    const errors = diagnostics.some(({severity}) => severity === 'error');
    const badge = String(diagnostics.length);
    return [
      {id: 'problems', label: 'Problems', badge, severity: errors ? 'error' : undefined},
      {id: 'outline', label: 'Outline'},
    ];
  }

  #additions(): MenuItem[] {
    const {workspace, doc} = this;
    const add = (fresh: Doc) => {
      this.#change(put(workspace, fresh));
      this.#tell('show', fresh.name);
    };
    const missing = (['inventory', 'scenario'] as const).filter((kind) => !find(workspace, kind));
    const specs = specsOf(this.analysis);
    const sheets = [...new Set(specs.map(({sheet}) => sheet))]
      .filter((name) => name && !findSheet(workspace, name))
      .slice(0, 10);
    const items: MenuItem[] = [
      ...missing.map((kind): MenuItem => [`New ${kind}`, () => add(emptyDoc(kind))]),
      ...sheets.map((name): MenuItem => [`Sheet ${name}`, () => add(emptyDoc('sheet', name))]),
    ];
    if (doc.kind !== 'plan') {
      items.push([`Remove ${fileName(doc)}`, () => this.#change(remove(workspace, doc.name))]);
    }
    items.push(['New plan, empty', () => this.#tell('open', emptyWorkspace)]);
    return items;
  }

  /** For completion, when somebody asks. */
  #names = (): Names => {
    const {outline} = this.analysis;
    const specs = specsOf(this.analysis);
    const sheets = this.workspace.docs.filter(({kind}) => kind === 'sheet');
    // A file's name says no project: it is that of the other sheets.
    const known = specs.find(({sheet}) => sheet.includes('/'))?.sheet;
    const folder = known?.slice(0, known.lastIndexOf('/')) ?? 'projects/default/sheets';
    const fullName = ({name}: Doc) => (name.includes('/') ? name : `${folder}/${name}`);
    const unique = (names: string[]) => [...new Set(names.filter(Boolean))];
    return {
      specs: unique(specs.map(({id}) => id)),
      targets: unique([
        ...(outline?.databases ?? []),
        ...(outline?.groups ?? []),
        ...specs.flatMap(({targets}) => targets),
      ]),
      sheets: unique([...specs.map(({sheet}) => sheet), ...sheets.map(fullName)]),
      environments: outline?.environments ?? [],
      instances: outline?.instances ?? [],
    };
  };

  #marks(doc: Doc): Marks {
    const {place} = this.selection;
    return {
      selected: place?.file === doc.name ? [place.range] : [],
      failed: doc.kind === 'sheet' ? this.#failedLines(doc) : [],
    };
  }

  /** Where a real run failed in this sheet. */
  #failedLines(doc: Doc): number[] {
    const {analysis, workspace} = this;
    const tasks = analysis.real?.state?.tasks ?? [];
    return tasks.flatMap(({error}, task) => {
      const place = error && failureOf(analysis, workspace, task);
      return place?.file === doc.name ? [place.range.start.line + 1] : [];
    });
  }

  #cursorMoved(event: CustomEvent<{name: string; line: number}>) {
    const {name, line} = event.detail;
    if (findDoc(this.workspace, name)?.kind !== 'plan') return;
    const spec = specsOf(this.analysis).find(
      ({range}) => range.start.line <= line && line <= range.end.line,
    );
    if (spec) this.#tell('select-spec', spec.index);
  }

  #jump(event: CustomEvent<{file: string | null; range: Range}>) {
    this.#tell('jump', event.detail);
  }
  #fix(event: CustomEvent<Fix>) {
    this.#change(applyFix(this.workspace, event.detail));
  }
  #format() {
    const {doc} = this;
    this.#change(setText(this.workspace, doc.name, formatDocument(doc.text)));
  }

  #change(workspace: Workspace) {
    this.#tell('change-workspace', workspace);
  }
  #tell(type: string, detail: unknown) {
    this.dispatchEvent(new CustomEvent(type, {detail}));
  }
}
customElements.define('documents-pane', DocumentsPane);
