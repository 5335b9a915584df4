// <task-panel>: all about the selected task at the cursor's time, and what if.
import {css, html, LitElement, nothing} from 'lit';

import {clock, count, duration} from '../format.js';
import type {Run} from '../run.js';
import {isSet, type TaskOf, type WhatIf} from '../scenario.js';
import {base} from '../styles.js';
import type {AttemptOutput} from '../workspace.js';
import './task-actions.js';

const whatIfs: [WhatIf, string, string][] = [
  ['fail', 'Let it fail', 'Fails'],
  ['skip', 'Skip it', 'Skipped'],
  ['longer', 'Let it take longer', 'Takes longer'],
];
const most = 12;

export class TaskPanel extends LitElement {
  static override properties = {
    run: {attribute: false},
    other: {attribute: false},
    task: {type: Number},
    cursor: {type: Number},
    scenario: {attribute: false},
    zone: {},
    outputs: {attribute: false},
    live: {type: Boolean},
    by: {state: true},
  };
  static override styles = [
    base,
    css`
      :host {
        display: block;
        overflow: auto;
        padding: 8px 12px;
        border-top: 1px solid var(--line);
      }
      dl {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: 2px 12px;
        margin: 6px 0;
      }
      dt {
        color: var(--faint);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      input {
        width: 5rem;
      }
      pre {
        background: var(--panel);
        padding: 8px;
        overflow: auto;
        max-height: 14rem;
        font: 12px var(--mono);
        white-space: pre-wrap;
      }
      .links button {
        padding: 0 4px;
        min-height: 24px;
        text-decoration: underline;
      }
    `,
  ];

  declare run: Run;
  /** The simulated run, beside a real one. */
  declare other: Run | null;
  declare task: number;
  declare cursor: number;
  declare scenario: string | undefined;
  declare zone: string;
  /** What its clients wrote. */
  declare outputs: AttemptOutput[];
  /** A server takes wishes for its tasks. */
  declare live: boolean;
  declare by: string;

  constructor() {
    super();
    this.outputs = [];
    this.by = '1m';
  }

  get #of(): TaskOf {
    const {run, task} = this;
    // A database that is made has no name yet: its spec says enough.
    return {spec: run.spec(task), target: run.database(task) || undefined};
  }

  override render() {
    const {run, task} = this;
    if (task < 0 || task >= run.size) {
      return html`<p class="faint">
        Select a task to see when it runs and why, and to try what happens if it fails.
      </p>`;
    }
    const {status, why} = run.at(task, this.cursor, this.zone);
    const error = run.error(task);
    const {before, after} = run.related(task);
    return html`<h2>
        Task
        ${task + 1}${run.isCritical(task)
          ? html` <span class="info">on the critical path</span>`
          : nothing}
      </h2>
      <dl>
        <dt>At ${duration(this.cursor)}</dt>
        <dd><strong>${status}</strong> ${why}</dd>
        <dt>Spec</dt>
        <dd>${run.spec(task)}</dd>
        <dt>Database</dt>
        <dd>${run.database(task) || run.laneLabel(task)}</dd>
        <dt>Stage</dt>
        <dd>${run.stage(task)}</dd>
        ${this.#times(run)}
        ${this.other && this.other.size === run.size ? this.#simulated(this.other) : nothing}
        ${this.#waits(run)} ${this.#links('Depends on', before)} ${this.#links('Needed by', after)}
      </dl>
      ${this.live && run.state
        ? html`<task-actions .task=${run.state.tasks[task]}></task-actions>`
        : nothing}
      ${error
        ? html`<p class="error">
              ${error.code ? `${error.code}: ` : ''}${error.message}
              ${error.detail ? html`<br />${error.detail}` : nothing}${error.hint
                ? html`<br />${error.hint}`
                : nothing}
            </p>
            ${error.line > 0
              ? html`<button type="button" @click=${() => this.#tell('failed-line', task)}>
                  Show line ${error.line} of its sheet
                </button>`
              : nothing}`
        : nothing}
      ${this.outputs.map((output) => this.#output(output))}
      ${run.state || this.#of.spec === '' ? nothing : this.#whatIf()}`;
  }

  #times(run: Run) {
    const {task} = this;
    const start = run.started(task);
    if (start < 0) {
      // What is real may go on, whatever it waits for now.
      const when = run.state && run.finalStatus(task) !== 'SKIPPED' ? 'not yet' : 'never';
      return html`<dt>Runs</dt>
        <dd>${when}: ${run.stillWaits(task) || run.finalStatus(task)}</dd>`;
    }
    const end = run.ended(task);
    const attempts = run.timeline.tasks.attempts[task];
    return html`<dt>Runs</dt>
      <dd>
        ${duration(start)} to ${duration(end)}, for
        ${duration(end - start)}${attempts > 1 ? `, ${count(attempts, 'attempt')}` : ''}
        <span class="faint">${clock(run.start + start, this.zone)}</span>
      </dd>`;
  }

  #simulated(other: Run) {
    const start = other.started(this.task);
    if (start < 0)
      return html`<dt>Simulated</dt>
        <dd>never runs</dd>`;
    return html`<dt>Simulated</dt>
      <dd>${duration(start)} to ${duration(other.ended(this.task))}</dd>`;
  }

  #waits(run: Run) {
    const waits = run.waits(this.task, this.zone);
    if (waits.length === 0) return nothing;
    return html`<dt>Waits</dt>
      <dd>${waits.map(({from, to, text}) => html`<div>${duration(to - from)} ${text}</div>`)}</dd>`;
  }

  #output({attempt, text}: AttemptOutput) {
    const title =
      attempt === this.run.state?.tasks[this.task].attempt
        ? 'Output'
        : `Output of attempt ${attempt}`;
    return html`<h3>${title}</h3>
      <pre tabindex="0" role="region" aria-label=${title}>${text}</pre>`;
  }

  #links(title: string, tasks: number[]) {
    if (tasks.length === 0) return nothing;
    return html`<dt>${title}</dt>
      <dd class="links">
        ${tasks
          .slice(0, most)
          .map(
            (task) =>
              html`<button
                type="button"
                class="plain"
                @click=${() => this.#tell('select-task', task)}
              >
                task ${task + 1}
              </button>`,
          )}
        ${tasks.length > most ? `and ${tasks.length - most} more` : ''}
      </dd>`;
  }

  #whatIf() {
    const of = this.#of;
    return html`<h3>What if?</h3>
      <div class="row">
        ${whatIfs.map(([what, ask, is]) => {
          const set = isSet(this.scenario, what, of);
          return html`<button
            type="button"
            aria-pressed=${String(set)}
            @click=${() => this.#tell('what-if', {what, of, by: this.by})}
          >
            ${set ? is : ask}
          </button>`;
        })}
        <label
          >by
          <input
            .value=${this.by}
            @change=${(event: Event) => (this.by = (event.target as HTMLInputElement).value)}
        /></label>
      </div>`;
  }

  #tell(type: string, detail: unknown) {
    // Of what is tried and of sheets the pane knows nothing: the app does.
    const further = type === 'what-if' || type === 'failed-line';
    this.dispatchEvent(new CustomEvent(type, {detail, bubbles: further, composed: further}));
  }
}
customElements.define('task-panel', TaskPanel);
