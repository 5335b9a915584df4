// <lockstep-app>: the documents, what the core says of them, and what is selected. Everything below
// gets these as properties and tells of changes by events.
import {load} from '@lockstep/core/worker';
import type {Range} from '@lockstep/core';
import {html, LitElement, nothing} from 'lit';

import {drawingOf, wrongDocument} from './analysis.js';
import {Analyst} from './analyst.js';
import {appStyles} from './app-styles.js';
import {isTable, learnFromFile} from './durations-table.js';
import {examples} from './examples.js';
import {addFiles, fetchText} from './files.js';
import {Follower} from './follow.js';
import {count} from './format.js';
import {IncomingFiles} from './incoming-files.js';
import {LiveRollout, rolloutOfAddress, type TaskRequest} from './live-rollout.js';
import {saveDocument, savings, type Draw} from './saving.js';
import {clearWhatIf, setDurations, toggle, type TaskOf, type WhatIf} from './scenario.js';
import {failureOf, runOf, selectionOf} from './selection.js';
import './share-dialog.js';
import type {ShareDialog} from './share-dialog.js';
import {fromFragment} from './share.js';
import {shortcuts} from './shortcuts.js';
import {keep, restore} from './storage.js';
import {base} from './styles.js';
import './views/ask-dialog.js';
import type {AskDialog, Question} from './views/ask-dialog.js';
import './views/documents-pane.js';
import type {DocumentsPane} from './views/documents-pane.js';
import type {MenuItem} from './views/menu-button.js';
import {notice} from './views/notice.js';
import './views/page-header.js';
import type {PageHeader} from './views/page-header.js';
import './views/pane-splitter.js';
import './views/print-paper.js';
import type {PrintPaper} from './views/print-paper.js';
import './views/rollout-pane.js';
import './views/tab-bar.js';
import type {Tab} from './views/tab-bar.js';
import {WayBack} from './way-back.js';
import {
  emptyDoc,
  emptyWorkspace,
  find,
  findDoc,
  lastPart,
  put,
  withPlan,
  type Workspace,
} from './workspace.js';

type Side = 'documents' | 'rollout';
const sides: Tab[] = [
  {id: 'documents', label: 'Documents'},
  {id: 'rollout', label: 'Rollout'},
];

export class LockstepApp extends LitElement {
  static override properties = {
    workspace: {state: true},
    shown: {state: true},
    side: {reflect: true},
    selected: {state: true},
    notice: {state: true},
  };
  static override styles = [base, appStyles];

  declare workspace: Workspace;
  /** The name of the document that is shown. */
  declare shown: string;
  /** Which of the two, where there is room for one. */
  declare side: Side;
  /** A task, or -1. */
  declare selected: number;
  declare notice: string;

  /** As it was opened: as long as it is the same, nobody has changed it. */
  #opened: Workspace | null = null;
  #failed = (message: string) => {
    this.notice = message;
  };
  #analyst = new Analyst(this, this.#failed);
  #follower = new Follower(this, (events) => this.#setEvents(events), this.#failed);
  #live = new LiveRollout(this, this.#follower, {
    open: (workspace) => this.#openRollout(workspace),
    events: () => this.workspace.events ?? '',
    setOutputs: (outputs) => this.#change({...this.workspace, outputs}),
    failed: this.#failed,
    ask: (question) => this.#ask(question),
  });
  #wayBack = new WayBack(this, (workspace) => this.#open(workspace));
  #incoming = new IncomingFiles(this, (files) => void this.#add(files));

  constructor() {
    super();
    this.workspace = emptyWorkspace;
    this.shown = 'plan.json';
    this.side = 'documents';
    this.selected = -1;
    this.notice = '';
  }

  override connectedCallback() {
    super.connectedCallback();
    this.replaceChildren();
    addEventListener('keydown', this.#shortcut);
    addEventListener('hashchange', () => void this.#openLink());
    void this.#start();
  }

  async #start() {
    const loading = load();
    const query = new URLSearchParams(location.search);
    // The documents are there before the core is.
    this.#open((await restore()) ?? examples[0].load());
    await this.#openLink();
    await this.#analyst.begin(await loading);
    await this.#openUrls(query.getAll('open'));
    const events = query.get('events');
    if (events) this.#follower.followUrl(events);
    const rollout = rolloutOfAddress(query);
    if (rollout) await this.#live.open(rollout);
    document.documentElement.dataset.ready = '';
  }

  /** From a share link, if the address is one. */
  async #openLink() {
    try {
      const shared = await fromFragment(location.hash);
      if (!shared) return;
      this.#open(shared);
      history.replaceState(null, '', location.pathname + location.search);
    } catch (error) {
      this.notice = (error as Error).message;
    }
  }

  async #openUrls(urls: string[]) {
    try {
      const texts = await Promise.all(urls.map(fetchText));
      await this.#add(texts.map((text, place) => new File([text], lastPart(urls[place]))));
    } catch (error) {
      this.notice = (error as Error).message;
    }
  }

  #open(workspace: Workspace) {
    this.#stopFollowing();
    this.#wayBack.leave(this.workspace, workspace);
    this.selected = -1;
    this.#analyst.forget();
    this.#opened = withPlan(workspace);
    this.shown = find(this.#opened, 'plan')!.name;
    this.#change(this.#opened);
  }

  #change(workspace: Workspace) {
    this.workspace = workspace;
    if (!workspace.docs.some(({name}) => name === this.shown))
      this.shown = find(workspace, 'plan')!.name;
    keep(workspace);
    void this.#analyst.look(workspace);
  }

  override willUpdate() {
    if (this.selected >= (runOf(this.#analyst.analysis)?.size ?? 0)) this.selected = -1;
  }

  #element<E extends Element>(selector: string) {
    return this.renderRoot.querySelector<E>(selector)!;
  }

  override render() {
    return html`${this.#header()}
      <nav class="sides" aria-label="Sides">
        <tab-bar
          label="Sides"
          .tabs=${sides}
          .selected=${this.side}
          @choose=${(event: CustomEvent<Side>) => (this.side = event.detail)}
        ></tab-bar>
      </nav>
      <div class="notices">
        ${notice({text: this.notice, dismiss: () => (this.notice = '')})} ${this.#wayBack.render()}
      </div>
      <print-paper></print-paper>
      <main>${this.#documents()} ${this.#rollout()}</main>
      <share-dialog .workspace=${this.workspace}></share-dialog>
      <ask-dialog></ask-dialog>
      ${this.#incoming.dropping
        ? html`<div class="drop">
            Drop plans, inventories, sheets, scenarios, events or durations
          </div>`
        : nothing}`;
  }

  #header() {
    return html`<page-header
      ?server=${this.#live.server !== null}
      .rollouts=${this.#live.list}
      .saves=${savings(this.#shownDoc, this.#draw)}
      .runs=${this.#runs()}
      ?following=${this.#follower.following !== ''}
      @files=${(event: CustomEvent<File[]>) => void this.#add(event.detail)}
      @open=${(event: CustomEvent<Workspace>) => this.#open(event.detail)}
      @share=${() => this.#element<ShareDialog>('share-dialog').show()}
      @print=${this.#print}
      @stop-following=${this.#stopFollowing}
      @refresh=${() => void this.#live.refresh()}
      @choose=${(event: CustomEvent<string>) => void this.#live.open(event.detail)}
    ></page-header>`;
  }

  #documents() {
    if (!this.#opened) return html`<div class="place"></div>`;
    return html`<documents-pane
        role="region"
        aria-label="Documents"
        .core=${this.#analyst.core}
        .workspace=${this.workspace}
        .analysis=${this.#analyst.analysis}
        .selection=${this.#selection}
        .shown=${this.shown}
        @open=${(event: CustomEvent<Workspace>) => this.#open(event.detail)}
        @change-workspace=${(event: CustomEvent<Workspace>) => this.#change(event.detail)}
        @show=${(event: CustomEvent<string>) => (this.shown = event.detail)}
        @select-spec=${(event: CustomEvent<number>) => this.#selectSpec(event.detail)}
        @jump=${(event: CustomEvent<{file: string | null; range: Range}>) =>
          this.#jump(event.detail.file, event.detail.range)}
      ></documents-pane>
      <pane-splitter
        @move=${(event: CustomEvent<number>) => this.#split(event.detail)}
      ></pane-splitter>`;
  }

  #rollout() {
    return html`<rollout-pane
      role="region"
      aria-label="Rollout"
      .core=${this.#analyst.core}
      .workspace=${this.workspace}
      .analysis=${this.#analyst.analysis}
      .connection=${this.#live.connection}
      .selected=${this.selected}
      @task-request=${(event: CustomEvent<TaskRequest>) => void this.#live.act(event.detail)}
      @select-task=${(event: CustomEvent<number>) => this.#select(event.detail)}
      @what-if=${this.#whatIf}
      @scenario=${(event: CustomEvent<string>) => this.#setScenario(event.detail)}
      @learnt=${(event: CustomEvent<string>) => void this.#setDurations(event.detail)}
      @clear-what-if=${() => this.#setScenario(clearWhatIf(this.#scenario.text))}
      @failed-line=${this.#showFailedLine}
    ></rollout-pane>`;
  }

  #split(percent: number) {
    const columns = `minmax(0, ${percent}fr) 6px minmax(0, ${100 - percent}fr)`;
    this.style.setProperty('--columns', columns);
  }

  #runs(): MenuItem[] {
    const items: MenuItem[] = [['Open events…', this.#pick]];
    if ('showOpenFilePicker' in window) {
      items.push(['Follow a file while it grows…', () => void this.#follower.pickFile()]);
    }
    if (this.workspace.events !== null) {
      items.push(['Close the run', () => this.#closeRun()]);
    }
    return items;
  }

  // ---- selection: one task, everywhere ----

  get #selection() {
    return selectionOf(this.#analyst.analysis, this.workspace, this.selected);
  }

  get #shownDoc() {
    return this.workspace.docs.find(({name}) => name === this.shown) ?? this.workspace.docs[0];
  }

  #select(task: number) {
    this.selected = task;
    const {place} = this.#selection;
    if (place?.file !== this.shown) return;
    void this.#element<DocumentsPane>('documents-pane').reveal(place.range, false);
  }

  #selectSpec(index: number) {
    if (index === this.#selection.spec) return;
    this.selected = runOf(this.#analyst.analysis)?.tasksOfSpec(index)[0] ?? -1;
  }

  async #jump(file: string | null, range: Range) {
    const doc = file === null ? find(this.workspace, 'plan') : findDoc(this.workspace, file);
    if (!doc) return;
    this.side = 'documents';
    this.shown = doc.name;
    await this.updateComplete;
    await this.#element<DocumentsPane>('documents-pane').reveal(range, true);
  }

  #showFailedLine(event: CustomEvent<number>) {
    const place = failureOf(this.#analyst.analysis, this.workspace, event.detail);
    if (place) void this.#jump(place.file, place.range);
    else this.notice = 'The sheet is not open here: open it beside the plan.';
  }

  // ---- what if ----

  get #scenario() {
    return find(this.workspace, 'scenario') ?? emptyDoc('scenario');
  }
  #setScenario(text: string) {
    this.#change(put(this.workspace, {...this.#scenario, text}));
  }
  /** Where it can be seen and undone: in its tab, as an edit. */
  async #setDurations(learnt: string) {
    this.#setScenario(this.#scenario.text);
    const start = {line: 0, character: 0};
    await this.#jump(this.#scenario.name, {start, end: start});
    this.#setScenario(setDurations(this.#scenario.text, learnt));
  }
  #whatIf(event: CustomEvent<{what: WhatIf; of: TaskOf; by: string}>) {
    const {what, of, by} = event.detail;
    this.#setScenario(toggle(this.#scenario.text, what, of, by));
  }

  // ---- files ----

  async #add(files: File[]) {
    const tables = files.filter(isTable);
    await this.#addDocuments(files.filter((file) => !isTable(file)));
    if (tables.length > 1) this.notice = 'Durations are learnt from one table: open one at a time.';
    else if (tables.length === 1) await this.#learnFrom(tables[0]).catch(this.#complain);
  }
  async #learnFrom(table: File) {
    const {scenario, runs} = await learnFromFile(this.workspace, table);
    await this.#setDurations(scenario);
    this.notice = `Durations of ${count(runs, 'run')} are written into the scenario, from ${table.name}.`;
  }
  #complain = (error: unknown) => {
    this.notice = (error as Error).message;
  };
  async #addDocuments(files: File[]) {
    if (files.length === 0) return;
    const touched = this.workspace !== this.#opened;
    const workspace = await addFiles(this.workspace, files, touched).catch(this.#complain);
    if (!workspace) return; // a folder, a file of another kind: what is open stays
    const plan = find(workspace, 'plan');
    if (plan !== find(this.workspace, 'plan')) return this.#open(workspace);
    if (workspace.events !== this.workspace.events) this.#stopFollowing();
    const fresh = workspace.docs.find((doc) => !this.workspace.docs.includes(doc));
    this.#wayBack.change(this.workspace, workspace);
    this.#change(workspace);
    if (fresh) this.shown = fresh.name;
    if (workspace.events !== null) this.side = 'rollout';
  }
  #pick = () => this.#element<PageHeader>('page-header').pick();
  #shortcut = shortcuts({
    s: () => saveDocument(this.#shownDoc),
    o: this.#pick,
    p: () => void this.#print(),
  });

  #draw: Draw = async (view, format) => {
    const drawing = await drawingOf(this.#analyst.core!, this.workspace, {view, format});
    if (!drawing)
      this.notice = `${wrongDocument(this.#analyst.analysis)} has errors: it cannot be drawn.`;
    return drawing;
  };
  async #print() {
    const page = await this.#draw('lanes', 'html');
    if (page) this.#element<PrintPaper>('print-paper').print(page);
  }

  // ---- a real run ----

  #setEvents(events: string | null) {
    const outputs = this.#live.name ? this.workspace.outputs : undefined;
    this.#change({...this.workspace, events, outputs});
  }
  #stopFollowing = () => {
    this.#live.leave();
    this.#follower.stop();
  };
  #closeRun() {
    this.#stopFollowing();
    this.#setEvents(null);
  }
  #openRollout(workspace: Workspace) {
    this.#open(workspace);
    this.side = 'rollout';
  }
  async #ask(question: Question) {
    await this.updateComplete;
    return this.#element<AskDialog>('ask-dialog').ask(question);
  }
}
customElements.define('lockstep-app', LockstepApp);
