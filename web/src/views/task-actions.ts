// <task-actions>: what a server can be told to do with a task, as far as its status allows. All
// buttons keep their places: one that is pressed twice must not become another.
import type {RolloutState} from '@lockstep/core';
import {css, html, LitElement, nothing} from 'lit';

import type {TaskRequest} from '../live-rollout.js';
import {base} from '../styles.js';

type Task = RolloutState['tasks'][number];

const actions: {what: TaskRequest['what']; label: string; from: Task['status'][]}[] = [
  {what: 'run', label: 'Run', from: ['NOT_STARTED', 'FAILED', 'CANCELED']},
  {
    what: 'skip',
    label: 'Skip…',
    from: ['NOT_STARTED', 'PENDING', 'FAILED', 'CANCELED', 'IN_DOUBT'],
  },
  {what: 'cancel', label: 'Cancel', from: ['PENDING', 'RUNNING']},
];

export class TaskActions extends LitElement {
  static override properties = {task: {attribute: false}};
  static override styles = [
    base,
    css`
      :host {
        display: block;
        margin: 6px 0;
      }
    `,
  ];

  declare task: Task;

  override render() {
    const {status} = this.task;
    if (!actions.some(({from}) => from.includes(status))) return nothing;
    return html`<div class="row" role="group" aria-label="What to do with this task">
      ${actions.map(
        ({what, label, from}) =>
          html`<button
            type="button"
            ?disabled=${!from.includes(status)}
            @click=${() => this.#tell(what)}
          >
            ${label}
          </button>`,
      )}
    </div>`;
  }

  #tell(what: TaskRequest['what']) {
    const {name: task, attempt} = this.task;
    const detail: TaskRequest = {what, task, attempt};
    this.dispatchEvent(new CustomEvent('task-request', {detail, bubbles: true, composed: true}));
  }
}
customElements.define('task-actions', TaskActions);
