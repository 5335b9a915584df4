// <rollout-pane>: the rollout that a plan becomes, simulated or real: lanes, graph or table, the
// player, and the selected task.
import type {Lockstep} from '@lockstep/core';
import {html, LitElement, nothing, type PropertyValues} from 'lit';

import {drawingOf, pause, superseded, wrongDocument, type Analysis} from '../analysis.js';
import {count, duration, localZone} from '../format.js';
import type {Connection} from '../live-rollout.js';
import type {Run} from '../run.js';
import {hasWhatIf} from '../scenario.js';
import {keepZone, restoreZone} from '../storage.js';
import {base} from '../styles.js';
import {find, outputsOf, type Workspace} from '../workspace.js';
import './lanes-canvas.js';
import type {LanesCanvas} from './lanes-canvas.js';
import {neighbour} from './neighbours.js';
import './rollout-drawing.js';
import './rollout-questions.js';
import {rolloutPaneStyles} from './rollout-pane-styles.js';
import './scenario-bar.js';
import './tab-bar.js';
import './task-panel.js';
import './task-table.js';
import './time-player.js';

/** More than so many elements, and SVG no longer moves at 60 frames a second. */
const mostSvgTasks = 2000;
const mostGraphGroups = 5000;

export type View = 'lanes' | 'graph' | 'table' | 'questions';
const views: {id: View; label: string}[] = [
  {id: 'lanes', label: 'Lanes'},
  {id: 'graph', label: 'Graph'},
  {id: 'table', label: 'Table'},
  {id: 'questions', label: 'Questions'},
];
type Which = 'simulated' | 'real' | 'both';

export class RolloutPane extends LitElement {
  static override properties = {
    core: {attribute: false},
    workspace: {attribute: false},
    analysis: {attribute: false},
    connection: {},
    selected: {type: Number},
    view: {state: true},
    which: {state: true},
    cursor: {state: true},
    zoom: {state: true},
    zone: {state: true},
    drawings: {state: true},
  };
  static override styles = [base, rolloutPaneStyles];

  declare core: Lockstep;
  declare workspace: Workspace;
  declare analysis: Analysis;
  /** To the server that runs it; null when none does. */
  declare connection: Connection | null;
  declare selected: number;
  declare view: View;
  declare which: Which;
  declare cursor: number;
  declare zoom: number;
  declare zone: string;
  declare drawings: {[which: string]: {text: string; run: Run} | undefined};

  constructor() {
    super();
    this.view = 'lanes';
    this.which = 'simulated';
    this.cursor = 0;
    this.zoom = 1;
    this.zone = restoreZone() ?? localZone();
    this.drawings = {};
  }

  #width = 0;
  #resize = new ResizeObserver(() => {
    const width = Math.floor(this.clientWidth) - 2;
    if (width === this.#width) return;
    this.#width = width;
    void this.#draw();
  });

  override connectedCallback() {
    super.connectedCallback();
    this.#resize.observe(this);
  }
  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#resize.disconnect();
  }

  override willUpdate(changed: PropertyValues<this>) {
    if (!changed.has('analysis')) return;
    const before = changed.get('analysis') as Analysis | undefined;
    const {real, simulated} = this.analysis;
    if (real && !before?.real) this.which = 'real';
    if (!real) this.which = 'simulated';
    if (!real && !simulated) this.drawings = {};
    const old = (this.which === 'simulated' ? before?.simulated : before?.real) ?? null;
    const now = this.which === 'simulated' ? simulated : real;
    // Whoever looks at the end goes on looking at the end.
    if (now && (!old || this.cursor >= old.makespan)) this.cursor = now.makespan;
    if (now) this.cursor = Math.min(this.cursor, now.makespan);
  }

  override updated(changed: PropertyValues<this>) {
    if (['view', 'which', 'zoom'].some((name) => changed.has(name as keyof RolloutPane)))
      void this.#draw();
    if (!changed.has('analysis')) return;
    const before = changed.get('analysis') as Analysis | undefined;
    if (before?.simulated === this.analysis.simulated && before?.real === this.analysis.real)
      return;
    clearTimeout(this.#later);
    if (this.drawings[this.#shown[0]])
      this.#later = window.setTimeout(() => void this.#draw(), pause);
    else void this.#draw();
  }
  #later = 0;

  get #run() {
    return this.which === 'simulated' ? this.analysis.simulated : this.analysis.real;
  }
  get #shown(): ('real' | 'simulated')[] {
    return this.which === 'both' ? ['real', 'simulated'] : [this.which];
  }

  /** Asks the core for the drawings that are shown. */
  async #draw() {
    const {view} = this;
    if (view === 'table' || view === 'questions' || !this.core || this.#width < 1) return;
    for (const which of this.#shown) {
      const run = this.analysis[which];
      if (!run) continue;
      if (view === 'lanes' && run.size > mostSvgTasks) continue;
      if (view === 'graph' && groups(run) > mostGraphGroups) continue;
      const width = Math.min(Math.max(Math.round(this.#width * this.zoom), 280), 20_000);
      const source = which === 'real' ? this.workspace : {...this.analysis.source, events: null};
      try {
        const channel = `render-${which}`;
        const drawing = await drawingOf(this.core, source, {view, width}, {channel});
        if (drawing && this.analysis[which] === run && this.view === view) {
          this.drawings = {...this.drawings, [which]: {text: drawing, run}};
        }
      } catch (error) {
        if (!superseded(error)) throw error;
      }
    }
  }

  override render() {
    const run = this.#run;
    const {analysis} = this;
    const wrong = wrongDocument(analysis);
    if (!run) {
      return html`<div class="empty">
        <h2>Nothing to show yet</h2>
        <p>
          ${wrong
            ? `${wrong} has errors. When they are mended, the rollout appears here.`
            : 'Write or drop a plan, or begin with an example.'}
        </p>
      </div>`;
    }
    return html` <div class="head">
        <div class="summary row">
          <strong>${run.timeline.status}</strong>
          <span>after ${duration(run.makespan)}</span>
          ${this.connection === 'live' ? html`<span class="good">live</span>` : nothing}
          ${this.which === 'simulated' ? this.#comparison(run) : nothing}
          <span class="grow"></span>
          <span class="faint"
            >${count(run.size, 'task')}, ${count(run.timeline.stages.length, 'stage')},
            ${count(run.timeline.databases.length, 'database')}</span
          >
        </div>
      </div>
      ${analysis.stale && this.which !== 'real'
        ? html`<p class="note" role="status">${wrong} has errors: this is the last one without.</p>`
        : nothing}
      ${this.connection === 'lost'
        ? html`<p class="note" role="status">
            The connection to the server is lost: trying again. What is shown may be old.
          </p>`
        : nothing}
      ${analysis.realError
        ? html`<p class="note" role="alert">
            These events are no run of this plan: ${analysis.realError}
          </p>`
        : nothing}
      <div class="views row">
        <tab-bar
          label="Views"
          .tabs=${views}
          .selected=${this.view}
          @choose=${(event: CustomEvent<View>) => (this.view = event.detail)}
        ></tab-bar>
        <span class="grow"></span>
        ${analysis.real ? this.#choice() : nothing}
        ${this.view === 'lanes'
          ? html` <button type="button" aria-label="Zoom out" @click=${() => this.#zoom(1 / 1.5)}>
                −
              </button>
              <button type="button" aria-label="Zoom in" @click=${() => this.#zoom(1.5)}>+</button>`
          : nothing}
      </div>
      ${run.state
        ? nothing
        : html`<scenario-bar
            .text=${find(this.workspace, 'scenario')?.text}
            .zone=${this.zone}
            @zone=${(event: CustomEvent<string>) => keepZone((this.zone = event.detail))}
          ></scenario-bar>`}
      <div
        class="drawings ${analysis.stale && this.which === 'simulated' ? 'stale' : ''}"
        role="tabpanel"
        aria-label=${views.find(({id}) => id === this.view)!.label}
        @keydown=${this.#key}
      >
        ${this.view === 'questions' ? nothing : this.#shown.map((which) => this.#section(which))}
        ${this.#questions()}
      </div>
      <p class="hidden" role="status">${this.#announcement(run)}</p>
      ${this.view === 'questions' ? nothing : this.#player(run)}
      <task-panel
        .run=${run}
        .other=${run.state ? analysis.simulated : null}
        .task=${this.selected}
        .cursor=${this.cursor}
        .scenario=${find(this.workspace, 'scenario')?.text}
        .zone=${this.zone}
        .outputs=${this.#outputsOf(run)}
        .live=${this.connection !== null}
        @select-task=${this.#select}
      ></task-panel>`;
  }

  #player(run: Run) {
    return html`<time-player
        .run=${run}
        .other=${this.which === 'both' ? this.analysis.simulated : null}
        .cursor=${this.cursor}
        .zone=${this.zone}
        @move=${(event: CustomEvent<number>) => (this.cursor = event.detail)}
      ></time-player>
      <div class="row tally faint">${this.#tally(run)}</div>`;
  }

  #comparison(run: Run) {
    const {undisturbed} = this.analysis;
    if (!undisturbed) return nothing;
    const difference = run.makespan - undisturbed.makespan;
    const much =
      difference === 0
        ? 'as long as'
        : `${duration(Math.abs(difference))} ${difference > 0 ? 'longer' : 'shorter'} than`;
    return html`<span class="warning" id="comparison"
        >${much} undisturbed (${undisturbed.status} after ${duration(undisturbed.makespan)})</span
      >
      ${hasWhatIf(find(this.workspace, 'scenario')?.text)
        ? html`<button
            type="button"
            @click=${() => this.dispatchEvent(new CustomEvent('clear-what-if'))}
          >
            Undo all what-ifs
          </button>`
        : nothing}`;
  }

  /** Kept while other views are shown: what was asked is not forgotten. */
  #questions() {
    const {simulated, source, real} = this.analysis;
    if (!simulated) return nothing;
    return html`<rollout-questions
      ?hidden=${this.view !== 'questions'}
      .active=${this.view === 'questions'}
      .source=${source}
      .run=${simulated}
      .real=${real}
      .scenario=${find(this.workspace, 'scenario')?.text}
      @select-task=${this.#select}
    ></rollout-questions>`;
  }

  #choice() {
    const options: [Which, string][] = [
      ['real', 'Real'],
      ['simulated', 'Simulated'],
      ['both', 'Both'],
    ];
    return html`<div class="row" role="group" aria-label="Which run">
      ${options.map(
        ([which, label]) =>
          html`<button
            type="button"
            aria-pressed=${String(this.which === which)}
            @click=${() => (this.which = which)}
          >
            ${label}
          </button>`,
      )}
    </div>`;
  }

  #section(which: 'real' | 'simulated') {
    const run = this.analysis[which];
    if (!run) return nothing;
    const label = `${which === 'real' ? 'Real' : 'Simulated'} rollout, ${this.view}: ${run.size} tasks, arrow keys select`;
    return html`<section>
      ${this.which === 'both' ? html`<h3>${which === 'real' ? 'Real' : 'Simulated'}</h3>` : nothing}
      ${this.#drawing(which, run, label)}
    </section>`;
  }

  #drawing(which: string, run: Run, label: string) {
    if (this.view === 'table') {
      return html`<task-table
        .run=${run}
        .selected=${this.selected}
        .zone=${this.zone}
        @select-task=${this.#select}
      ></task-table>`;
    }
    if (this.view === 'lanes' && run.size > mostSvgTasks) {
      return html`<lanes-canvas
        .run=${run}
        .selected=${this.selected}
        .cursor=${this.cursor}
        .label=${label}
        @select-task=${this.#select}
      ></lanes-canvas>`;
    }
    if (this.view === 'graph' && groups(run) > mostGraphGroups) {
      return html`<p class="empty">
        A graph of ${count(groups(run), 'spec')} tells nobody anything. The table has all of it.
      </p>`;
    }
    const drawn = this.drawings[which];
    if (!drawn) return nothing;
    return html`<rollout-drawing
      .text=${drawn.text}
      .run=${drawn.run}
      .selected=${this.selected}
      .cursor=${this.cursor}
      .label=${label}
      @select-task=${this.#select}
    ></rollout-drawing>`;
  }

  #tally(run: Run) {
    return html`<span role="group" aria-label="Tasks by status at ${duration(this.cursor)}">
      ${[...run.tally(this.cursor)]
        .sort()
        .map(([status, number]) => `${number} ${status}`)
        .join(' · ')}
    </span>`;
  }

  #outputsOf(run: Run) {
    const name = run.state?.tasks[this.selected]?.name;
    return name === undefined ? [] : outputsOf(this.workspace, name);
  }

  #announcement(run: Run) {
    const {selected} = this;
    if (selected < 0 || selected >= run.size) return '';
    const {status, why} = run.at(selected, this.cursor, this.zone);
    return `Task ${selected + 1}, ${run.specLabel(selected)} on ${run.laneLabel(selected)}: ${status} ${why}`;
  }

  #zoom(factor: number) {
    const canvas = this.renderRoot.querySelector<LanesCanvas>('lanes-canvas');
    if (canvas) canvas.zoom(factor);
    else this.zoom = Math.min(Math.max(this.zoom * factor, 1), 20);
  }

  #select = (event: CustomEvent<number>) => {
    event.stopPropagation();
    this.#tell(event.detail);
  };
  #tell(task: number) {
    this.dispatchEvent(new CustomEvent('select-task', {detail: task}));
  }

  #key(event: KeyboardEvent) {
    const target = event.composedPath()[0] as Element;
    if (this.view === 'table' || !target.matches('rollout-drawing, lanes-canvas')) return;
    const task = neighbour(this.#run!, this.selected, event.key);
    if (task === null) return;
    event.preventDefault();
    this.#tell(task);
  }
}
customElements.define('rollout-pane', RolloutPane);

const counted = new WeakMap<Run, number>();
function groups(run: Run) {
  let number = counted.get(run);
  if (number === undefined) counted.set(run, (number = new Set(run.timeline.tasks.group).size));
  return number;
}
