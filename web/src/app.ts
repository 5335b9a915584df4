// <lockstep-app>: the documents, what the core says of them, and what is selected. Everything below
// gets these as properties and tells of changes by events.
import {load} from '@lockstep/core/worker';
import type {Diagnostic, Fix, Lockstep, StatementsAnswer} from '@lockstep/core';
import {css, html, LitElement, nothing, type PropertyValues} from 'lit';

import {analyse, nothing as noAnalysis, outlineOf, pause, request, superseded, type Analysis} from './analysis.js';
import './editor/document-editor.js';
import type {DocumentEditor} from './editor/document-editor.js';
import type {Names} from './editor/language.js';
import type {Marks} from './editor/marks.js';
import {examples} from './examples.js';
import {addFiles, addText, fileName, save} from './files.js';
import {followFile, followUrl, type Follower} from './follow.js';
import {formatDocument} from './format-document.js';
import {clearWhatIf, toggle, type TaskOf, type WhatIf} from './scenario.js';
import './share-dialog.js';
import type {ShareDialog} from './share-dialog.js';
import {fromFragment} from './share.js';
import {keep, keepTheme, restore, restoreTheme, type Theme} from './storage.js';
import {base} from './styles.js';
import {withoutStyle} from './views/drawing.js';
import './views/pane-splitter.js';
import './views/plan-outline.js';
import './views/problem-list.js';
import './views/rollout-pane.js';
import './views/tab-bar.js';
import type {Tab} from './views/tab-bar.js';
import {applyFix, emptyDoc, emptyWorkspace, find, findSheet, put, remove, setText, type Doc, type Workspace} from './workspace.js';

type Side = 'documents' | 'rollout';

const none: Diagnostic[] = [];
const sides: Tab[] = [{id: 'documents', label: 'Documents'}, {id: 'rollout', label: 'Rollout'}];

export class LockstepApp extends LitElement {
  static override properties = {
    workspace: {state: true},
    analysis: {state: true},
    shown: {state: true},
    bottom: {state: true},
    side: {state: true},
    selected: {state: true},
    statements: {state: true},
    notice: {state: true},
    dropping: {state: true},
    following: {state: true},
    theme: {state: true},
  };
  static override styles = [
    base,
    css`
      :host { display: grid; grid-template: auto auto minmax(0, 1fr) / var(--columns, minmax(0, 45fr) 6px minmax(0, 55fr)); height: 100%; }
      header { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 6px; align-items: center; padding: 6px 12px; border-bottom: 1px solid var(--line); }
      h1 { font-size: 17px; margin: 0 12px 0 0; }
      .notice { grid-column: 1 / -1; margin: 0; padding: 6px 12px; background: light-dark(#fff8c5, #3a2f0b); display: flex; gap: 12px; align-items: center; }
      main { display: contents; }
      .documents { grid-row: 3; display: flex; flex-direction: column; min-width: 0; min-height: 0; }
      pane-splitter, rollout-pane { grid-row: 3; }
      .bar { display: flex; align-items: center; gap: 4px; border-bottom: 1px solid var(--line); padding: 2px 6px; }
      .bar tab-bar { flex: 1; }
      document-editor, .editor-place { flex: 1 1 60%; min-height: 120px; }
      .bottom { flex: 0 1 34%; min-height: 110px; display: flex; flex-direction: column; border-top: 1px solid var(--line); }
      .bottom problem-list, .bottom plan-outline { flex: 1; min-height: 0; }
      .sides { display: none; grid-column: 1 / -1; border-bottom: 1px solid var(--line); padding: 0 8px; }
      .drop { position: fixed; inset: 12px; z-index: 10; display: grid; place-items: center; pointer-events: none; font-size: 20px;
        border: 3px dashed var(--accent); border-radius: 12px; background: color-mix(in srgb, var(--paper) 88%, transparent); }
      .menu { position: relative; }
      .menu > summary { display: flex; align-items: center; gap: 4px; white-space: nowrap; list-style: none; cursor: pointer; border: 1px solid var(--line); border-radius: 6px; padding: 0 10px; height: 30px; }
      .menu > summary::-webkit-details-marker { display: none; }
      .menu > div { position: absolute; z-index: 20; top: 100%; left: 0; margin-top: 4px; display: grid; gap: 2px; padding: 6px; background: var(--paper);
        border: 1px solid var(--line); border-radius: 8px; box-shadow: 0 4px 16px #0003; width: max-content; max-width: calc(100vw - 24px); }
      .menu > div > button { white-space: normal; }
      .paper { display: none; }
      @media (max-width: 800px) {
        :host { grid-template: auto auto auto minmax(0, 1fr) / minmax(0, 1fr); }
        .sides { display: block; grid-row: 2; }
        .notice { grid-row: 3; }
        .documents, rollout-pane { grid-row: 4; grid-column: 1; border: 0; }
        :host([side='documents']) rollout-pane, :host([side='rollout']) .documents, pane-splitter { display: none; }
        .menu > div { position: fixed; left: 12px; right: 12px; top: auto; width: auto; }
      }
      @media print {
        :host { display: block; height: auto; }
        header, .sides, .notice, .documents, pane-splitter, rollout-pane, share-dialog { display: none !important; }
        .paper { display: block; }
      }
    `,
  ];

  declare workspace: Workspace;
  declare analysis: Analysis;
  declare shown: string;
  declare bottom: 'problems' | 'outline';
  declare side: Side;
  declare selected: number;
  declare statements: StatementsAnswer['statements'] | null;
  declare notice: string;
  declare dropping: boolean;
  declare following: string;
  declare theme: Theme;

  #core: Lockstep | null = null;
  #follower: Follower | null = null;
  #later = 0;
  /** Findings by document. */
  #found = new Map<string, Diagnostic[]>();
  #names: Names = {specs: [], targets: [], sheets: [], environments: []};
  /** As it was opened: as long as it is the same, nobody has changed it. */
  #opened: Workspace | null = null;

  constructor() {
    super();
    this.workspace = emptyWorkspace;
    this.analysis = noAnalysis;
    this.shown = 'plan.json';
    this.bottom = 'problems';
    this.side = 'documents';
    this.selected = -1;
    this.statements = null;
    this.notice = '';
    this.dropping = false;
    this.following = '';
    this.theme = restoreTheme();
    this.#showTheme();
  }

  override connectedCallback() {
    super.connectedCallback();
    this.replaceChildren();
    addEventListener('dragover', this.#dragOver);
    addEventListener('dragleave', this.#dragLeave);
    addEventListener('drop', this.#drop);
    addEventListener('paste', this.#paste);
    addEventListener('keydown', this.#shortcut);
    addEventListener('hashchange', () => void this.#openLink());
    void this.#start();
  }

  async #start() {
    const loading = load();
    const query = new URLSearchParams(location.search);
    // The documents are there before the core is.
    if (!(await this.#openLink())) this.#open((await restore()) ?? examples[0].load());
    this.#core = await loading;
    await this.#analyse();
    for (const url of query.getAll('open')) await this.#openUrl(url);
    const events = query.get('events');
    if (events) this.#followUrl(events);
    document.documentElement.dataset.ready = '';
  }

  /** From a share link, if the address is one. */
  async #openLink() {
    try {
      const shared = await fromFragment(location.hash);
      if (!shared) return false;
      this.#open(shared);
      history.replaceState(null, '', location.pathname + location.search);
      return true;
    } catch (error) {
      this.notice = (error as Error).message;
      return false;
    }
  }

  async #openUrl(url: string) {
    const response = await fetch(url).catch((error: Error) => error);
    if (response instanceof Error || !response.ok) {
      this.notice = `${url} could not be opened.`;
      return;
    }
    const name = new URL(url, location.href).pathname.split('/').pop()!;
    this.#change(addText(this.workspace, name, await response.text()));
  }

  #open(workspace: Workspace) {
    this.#stopFollowing();
    this.selected = -1;
    this.analysis = noAnalysis;
    this.shown = find(workspace, 'plan')?.name ?? workspace.docs[0].name;
    this.#opened = workspace;
    this.#change(workspace);
    this.#opened = this.workspace;
  }

  #change(workspace: Workspace) {
    if (!find(workspace, 'plan')) workspace = put(workspace, emptyDoc('plan'));
    this.workspace = workspace;
    if (!workspace.docs.some(({name}) => name === this.shown)) this.shown = find(workspace, 'plan')!.name;
    void keep(workspace);
    void this.#analyse();
  }

  async #analyse() {
    if (!this.#core) return;
    const {workspace} = this;
    try {
      const analysis = await analyse(this.#core, workspace, this.analysis);
      if (this.workspace !== workspace) return;
      this.analysis = analysis;
      clearTimeout(this.#later);
      if (analysis.outline) this.#later = window.setTimeout(() => void this.#outline(), pause);
      else await this.#outline();
      if (this.selected >= (analysis.real ?? analysis.simulated)?.size!) this.selected = -1;
    } catch (error) {
      if (superseded(error)) return;
      this.notice = `Lockstep failed, which is a mistake of its own: ${(error as Error).message}`;
    }
  }

  async #outline() {
    const {workspace} = this;
    try {
      const outline = await outlineOf(this.#core!, workspace);
      if (outline && this.workspace === workspace) this.analysis = {...this.analysis, outline};
    } catch (error) {
      if (!superseded(error)) throw error;
    }
  }

  override willUpdate(changed: PropertyValues<this>) {
    if (!changed.has('analysis') && !changed.has('workspace')) return;
    this.#found = Map.groupBy(this.analysis.diagnostics, ({file}) => this.#docOf(file)?.name ?? '');
    this.#names = this.#collectNames();
  }

  override updated(changed: PropertyValues<this>) {
    if (changed.has('side')) this.setAttribute('side', this.side);
    if (changed.has('shown') || changed.has('workspace') || changed.has('analysis')) void this.#split();
  }

  /** Statements of the sheet that is shown, by the engine that runs it. */
  async #split() {
    const doc = this.#shownDoc;
    if (doc.kind !== 'sheet' || !this.#core) return;
    const last = (name: string) => name.slice(name.lastIndexOf('/') + 1);
    const engine = this.analysis.outline?.sheets.find(({name}) => last(name) === last(doc.name))?.engines[0];
    if (!engine) return;
    try {
      const {statements} = await this.#core.statements({sheet: doc.text, sheetName: doc.name, engine}, {channel: 'statements'});
      if (this.#shownDoc === doc) this.statements = statements;
    } catch (error) {
      if (!superseded(error)) throw error;
    }
  }

  get #shownDoc(): Doc {
    return this.workspace.docs.find(({name}) => name === this.shown) ?? this.workspace.docs[0];
  }
  get #editor() {
    return this.renderRoot.querySelector<DocumentEditor>('document-editor')!;
  }

  #docOf(file: string) {
    return this.workspace.docs.find(({name}) => name === file) ?? findSheet(this.workspace, file);
  }

  override render() {
    const doc = this.#shownDoc;
    const {diagnostics} = this.analysis;
    const errors = diagnostics.filter(({severity}) => severity === 'error').length;
    return html`
      <header>
        <h1>Lockstep</h1>
        <button type="button" @click=${() => this.renderRoot.querySelector<HTMLInputElement>('#files')!.click()}>Open…</button>
        <input id="files" type="file" multiple hidden accept=".json,.jsonc,.sql,.ndjson,.jsonl" @change=${this.#picked}>
        ${this.#menu('Examples', examples.map(({title, load: make}) => [title, () => this.#open(make())]))}
        ${this.#menu('Save', [
          [`${fileName(doc)}`, () => save(fileName(doc), doc.text)],
          ['Lanes as SVG', () => this.#saveDrawing('lanes')],
          ['Graph as SVG', () => this.#saveDrawing('graph')],
          ['All as HTML page', () => this.#saveDrawing('html')],
        ])}
        <button type="button" @click=${() => this.renderRoot.querySelector<ShareDialog>('share-dialog')!.show()}>Share…</button>
        <button type="button" @click=${this.#print}>Print</button>
        ${this.following
          ? html`<button type="button" aria-pressed="true" @click=${this.#stopFollowing}>Stop following</button>`
          : this.#menu('Real run', [
              ['Open events…', () => this.renderRoot.querySelector<HTMLInputElement>('#files')!.click()],
              ...('showOpenFilePicker' in window ? [['Follow a file while it grows…', () => void this.#followFile()] as [string, () => void]] : []),
              ...(this.workspace.events === null ? [] : [['Close the run', () => this.#change({...this.workspace, events: null, outputs: undefined})] as [string, () => void]]),
            ])}
        <span class="grow"></span>
        <label><span class="hidden">Theme</span>
          <select @change=${this.#chooseTheme}>
            ${(['auto', 'light', 'dark'] as const).map((theme) => html`<option value=${theme} ?selected=${theme === this.theme}>${{auto: 'Theme: system', light: 'Light', dark: 'Dark'}[theme]}</option>`)}
          </select>
        </label>
      </header>
      <nav class="sides" aria-label="Sides"><tab-bar label="Sides" .tabs=${sides} .selected=${this.side} @choose=${(event: CustomEvent<Side>) => (this.side = event.detail)}></tab-bar></nav>
      ${this.notice ? html`<p class="notice" role="alert"><span class="grow">${this.notice}</span><button type="button" @click=${() => (this.notice = '')}>Dismiss</button></p>` : nothing}
      <main>
      <section class="documents" aria-label="Documents">
        <div class="bar">
          <tab-bar label="Documents" .tabs=${this.#tabs()} .selected=${doc.name} @choose=${(event: CustomEvent<string>) => (this.shown = event.detail)}></tab-bar>
          ${this.#menu('+', this.#additions(), 'Add a document')}
          ${doc.kind === 'sheet' ? nothing : html`<button type="button" @click=${this.#format}>Format</button>`}
        </div>
        ${this.#opened === null ? html`<div class="editor-place"></div>` : html`<document-editor
          .doc=${doc}
          .findings=${this.#found.get(doc.name) ?? none}
          .names=${this.#names}
          .marks=${this.#marks(doc)}
          .statements=${this.statements}
          @edit=${(event: CustomEvent<{name: string; text: string}>) => this.#change(setText(this.workspace, event.detail.name, event.detail.text))}
          @place=${this.#cursorMoved}
          @jump=${(event: CustomEvent<{file: string; range: Diagnostic['range']}>) => this.#jump(event.detail.file, event.detail.range)}
          @fix=${(event: CustomEvent<Fix>) => this.#change(applyFix(this.workspace, event.detail))}
        ></document-editor>`}
        <section class="bottom" aria-label="Problems and outline">
          <div class="bar"><tab-bar
            label="Problems and outline"
            .tabs=${[
              {id: 'problems', label: 'Problems', badge: String(diagnostics.length), severity: errors ? 'error' : undefined},
              {id: 'outline', label: 'Outline'},
            ] as Tab[]}
            .selected=${this.bottom}
            @choose=${(event: CustomEvent<'problems' | 'outline'>) => (this.bottom = event.detail)}
          ></tab-bar></div>
          ${this.bottom === 'problems'
            ? html`<problem-list .diagnostics=${diagnostics} .near=${this.#selectedRange}
                @jump=${(event: CustomEvent<Diagnostic>) => this.#jump(event.detail.file, event.detail.range)}
                @fix=${(event: CustomEvent<Fix>) => this.#change(applyFix(this.workspace, event.detail))}></problem-list>`
            : html`<plan-outline .outline=${this.analysis.outline} .selected=${this.#selectedSpec}
                @spec=${(event: CustomEvent<number>) => this.#selectSpec(event.detail)}
                @jump=${(event: CustomEvent<{range: Diagnostic['range']}>) => this.#jump(null, event.detail.range)}></plan-outline>`}
        </section>
      </section>
      <pane-splitter @move=${(event: CustomEvent<number>) =>
        this.style.setProperty('--columns', `minmax(0, ${event.detail}fr) 6px minmax(0, ${100 - event.detail}fr)`)}></pane-splitter>
      <rollout-pane
        role="region"
        aria-label="Rollout"
        .core=${this.#core}
        .workspace=${this.workspace}
        .analysis=${this.analysis}
        .selected=${this.selected}
        @select-task=${(event: CustomEvent<number>) => this.#select(event.detail)}
        @what-if=${this.#whatIf}
        @scenario=${(event: CustomEvent<string>) => this.#setScenario(event.detail)}
        @clear-what-if=${() => this.#setScenario(clearWhatIf(find(this.workspace, 'scenario')!.text))}
        @failed-line=${this.#showFailedLine}
      ></rollout-pane>
      </main>
      <share-dialog .workspace=${this.workspace}></share-dialog>
      <div class="paper"></div>
      ${this.dropping ? html`<div class="drop">Drop plans, inventories, sheets, scenarios or events</div>` : nothing}`;
  }

  #menu(label: string, items: [string, () => void][], name = label) {
    const close = (event: Event) => (event.currentTarget as Element).closest('details')!.removeAttribute('open');
    return html`<details class="menu" @focusout=${this.#closeMenu} @keydown=${this.#menuKey}>
      <summary role="button" aria-label=${name}>${label} <span aria-hidden="true">▾</span></summary>
      <div>${items.map(([text, act]) => html`<button type="button" class="plain" @click=${(event: Event) => { close(event); act(); }}>${text}</button>`)}</div>
    </details>`;
  }
  #closeMenu(event: FocusEvent) {
    const menu = event.currentTarget as Element;
    if (event.relatedTarget && !menu.contains(event.relatedTarget as Node)) menu.removeAttribute('open');
  }
  #menuKey(event: KeyboardEvent) {
    const menu = event.currentTarget as HTMLDetailsElement;
    if (event.key !== 'Escape' || !menu.open) return;
    menu.open = false;
    menu.querySelector('summary')!.focus();
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

  #additions(): [string, () => void][] {
    const add = (doc: Doc) => {
      this.#change(put(this.workspace, doc));
      this.shown = doc.name;
    };
    const missing = (['inventory', 'scenario'] as const).filter((kind) => !find(this.workspace, kind));
    const sheets = [...new Set(this.analysis.outline?.steps.flatMap(({specs}) => specs.map(({sheet}) => sheet)))]
      .filter((name) => name && !findSheet(this.workspace, name))
      .slice(0, 10);
    const doc = this.#shownDoc;
    return [
      ...missing.map((kind): [string, () => void] => [`New ${kind}`, () => add(emptyDoc(kind))]),
      ...sheets.map((name): [string, () => void] => [`Sheet ${name}`, () => add(emptyDoc('sheet', name))]),
      ...(doc.kind === 'plan' ? [] : [[`Remove ${fileName(doc)}`, () => this.#change(remove(this.workspace, doc.name))] as [string, () => void]]),
      ['New plan, empty', () => this.#open(emptyWorkspace)],
    ];
  }

  #collectNames(): Names {
    const {outline} = this.analysis;
    const specs = outline?.steps.flatMap((step) => step.specs) ?? [];
    const unique = (names: string[]) => [...new Set(names.filter(Boolean))];
    return {
      specs: unique(specs.map(({id}) => id)),
      targets: unique([...(outline?.databases ?? []), ...(outline?.groups ?? []), ...specs.flatMap(({targets}) => targets)]),
      sheets: unique([...specs.map(({sheet}) => sheet), ...this.workspace.docs.filter(({kind}) => kind === 'sheet').map(({name}) => name)]),
      environments: outline?.environments ?? [],
    };
  }

  // ---- selection: one task, everywhere ----

  get #run() {
    return this.analysis.real ?? this.analysis.simulated;
  }
  get #selectedSpec() {
    return this.selected < 0 ? -1 : (this.#run?.timeline.tasks.spec[this.selected] ?? -1);
  }
  #specAt(index: number) {
    return this.analysis.outline?.steps.flatMap(({specs}) => specs).find((spec) => spec.index === index);
  }

  /** Of the selected spec, in the plan. */
  get #selectedRange() {
    const spec = this.#specAt(this.#selectedSpec);
    return spec ? {file: find(this.workspace, 'plan')!.name, range: spec.range} : null;
  }

  #marks(doc: Doc): Marks {
    const failed: number[] = [];
    if (doc.kind === 'sheet') {
      this.analysis.real?.state?.tasks.forEach(({error}, task) => {
        if (!error || error.line < 1) return;
        const spec = this.#specAt(this.analysis.real!.timeline.tasks.spec[task]);
        if (spec && findSheet(this.workspace, spec.sheet) === doc) failed.push(error.line);
      });
    }
    const selected = this.#selectedRange;
    return {selected: selected?.file === doc.name ? [selected.range] : [], failed};
  }

  #select(task: number) {
    this.selected = task;
    const spec = this.#specAt(this.#selectedSpec);
    if (spec && this.#shownDoc.kind === 'plan') void this.#editor.reveal(spec.range, false);
  }

  #selectSpec(index: number) {
    if (index === this.#selectedSpec) return;
    this.selected = this.#run?.tasksOfSpec(index)[0] ?? -1;
  }

  #cursorMoved(event: CustomEvent<{name: string; line: number; character: number}>) {
    if (this.#docOf(event.detail.name)?.kind !== 'plan') return;
    const {line} = event.detail;
    const spec = this.analysis.outline?.steps
      .flatMap(({specs}) => specs)
      .find(({range}) => range.start.line <= line && line <= range.end.line);
    if (spec) this.#selectSpec(spec.index);
  }

  async #jump(file: string | null, range: Diagnostic['range']) {
    const doc = file === null ? find(this.workspace, 'plan') : this.#docOf(file);
    if (!doc) return;
    this.side = 'documents';
    this.shown = doc.name;
    await this.updateComplete;
    await this.#editor.reveal(range);
  }

  #showFailedLine(event: CustomEvent<number>) {
    const task = event.detail;
    const error = this.analysis.real?.error(task);
    const spec = this.#specAt(this.#selectedSpec);
    const sheet = spec && findSheet(this.workspace, spec.sheet);
    if (!error || !sheet) {
      this.notice = 'The sheet is not open here: open it beside the plan.';
      return;
    }
    const place = {line: error.line - 1, character: Math.max(error.column - 1, 0)};
    void this.#jump(sheet.name, {start: place, end: place});
  }

  // ---- changes ----

  #whatIf(event: CustomEvent<{what: WhatIf; of: TaskOf; by: string}>) {
    const {what, of, by} = event.detail;
    this.#setScenario(toggle((find(this.workspace, 'scenario') ?? emptyDoc('scenario')).text, what, of, by));
  }
  #setScenario(text: string) {
    const doc = find(this.workspace, 'scenario') ?? emptyDoc('scenario');
    this.#change(put(this.workspace, {...doc, text}));
  }
  #format() {
    const doc = this.#shownDoc;
    this.#change(setText(this.workspace, doc.name, formatDocument(doc.text)));
  }

  // ---- files ----

  async #add(files: File[]) {
    if (files.length === 0) return;
    const workspace = await addFiles(this.workspace, files, this.workspace !== this.#opened);
    const plan = find(workspace, 'plan');
    if (plan !== find(this.workspace, 'plan')) return this.#open(workspace);
    const fresh = workspace.docs.find((doc) => !this.workspace.docs.includes(doc));
    this.#change(workspace);
    if (fresh) this.shown = fresh.name;
    if (workspace.events !== null) this.side = 'rollout';
  }
  #picked(event: Event) {
    const input = event.target as HTMLInputElement;
    void this.#add([...(input.files ?? [])]).then(() => (input.value = ''));
  }
  #dragOver = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.dropping = true;
  };
  #dragLeave = (event: DragEvent) => {
    if (event.relatedTarget === null) this.dropping = false;
  };
  #drop = (event: DragEvent) => {
    this.dropping = false;
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    void this.#add([...event.dataTransfer.files]);
  };
  /** Outside the editor, pasted text is a document. */
  #paste = (event: ClipboardEvent) => {
    const target = event.composedPath()[0] as Element;
    if (target.closest?.('input, textarea, [contenteditable]')) return;
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length) return void this.#add(files);
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (text.trim()) void this.#add([new File([text], text.trimStart().startsWith('{') ? 'plan.json' : 'sheet.sql')]);
  };
  #shortcut = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (event.key === 's') {
      event.preventDefault();
      const doc = this.#shownDoc;
      save(fileName(doc), doc.text);
    } else if (event.key === 'o') {
      event.preventDefault();
      this.renderRoot.querySelector<HTMLInputElement>('#files')!.click();
    }
  };

  async #drawing(view: 'lanes' | 'graph', format: 'svg' | 'html') {
    const {events} = this.workspace;
    const {drawing} = await this.#core!.render({
      ...request(this.workspace),
      ...(events === null ? {} : {events}),
      drawing: {view, format},
    });
    if (!drawing) this.notice = 'The plan has errors: it cannot be drawn.';
    return drawing;
  }
  async #saveDrawing(what: 'lanes' | 'graph' | 'html') {
    const html_ = what === 'html';
    const drawing = await this.#drawing(html_ ? 'lanes' : what, html_ ? 'html' : 'svg');
    if (drawing) save(html_ ? 'rollout.html' : `${what}.svg`, drawing);
  }
  /** What is printed is the core's page: both drawings and the table, however many tasks. */
  async #print() {
    const text = await this.#drawing('lanes', 'html');
    if (!text) return;
    const {css: style, rest} = withoutStyle(text);
    const page = new DOMParser().parseFromString(rest, 'text/html');
    const paper = this.renderRoot.querySelector('.paper')!;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`@media print { ${style} }`);
    const adopted = this.shadowRoot!.adoptedStyleSheets;
    this.shadowRoot!.adoptedStyleSheets = [...adopted, sheet];
    paper.replaceChildren(...document.importNode(page.body, true).childNodes);
    print();
    paper.replaceChildren();
    this.shadowRoot!.adoptedStyleSheets = adopted;
  }

  // ---- a real run ----

  #stopFollowing = () => {
    this.#follower?.stop();
    this.#follower = null;
    this.following = '';
  };
  async #followFile() {
    const picker = (window as unknown as {showOpenFilePicker(): Promise<FileSystemFileHandle[]>}).showOpenFilePicker;
    const [handle] = await picker().catch(() => []);
    if (!handle) return;
    this.#stopFollowing();
    this.following = handle.name;
    this.#follower = followFile(handle, this.#grown, this.#lost);
  }
  #followUrl(url: string) {
    this.#stopFollowing();
    this.following = url;
    this.#follower = followUrl(url, this.#grown, this.#lost);
  }
  #grown = (events: string) => this.#change({...this.workspace, events, outputs: undefined});
  #lost = (error: Error) => {
    this.notice = `The run is no longer followed: ${error.message}`;
    this.#stopFollowing();
  };

  #chooseTheme(event: Event) {
    this.theme = (event.target as HTMLSelectElement).value as Theme;
    keepTheme(this.theme);
    this.#showTheme();
  }
  #showTheme() {
    const {dataset} = document.documentElement;
    if (this.theme === 'auto') delete dataset.theme;
    else dataset.theme = this.theme;
  }
}
customElements.define('lockstep-app', LockstepApp);
