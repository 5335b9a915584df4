// <task-table>: all tasks with all that the drawings show: sortable, searchable, for screen readers.
// Only the rows on the screen exist; aria-rowcount tells how many there are.
import {css, html, LitElement, nothing, type PropertyValues} from 'lit';

import {clock, duration} from '../format.js';
import type {Run} from '../run.js';
import {base} from '../styles.js';

const rowHeight = 30;

interface Column {
  title: string;
  number?: boolean;
  text: (run: Run, task: number, zone: string) => string;
  /** What to sort by, where it is not the text. */
  value?: (run: Run, task: number) => number;
}

const offset = (time: number) => (time < 0 ? '–' : duration(time));
const columns: Column[] = [
  {title: 'Task', number: true, text: (_, task) => String(task + 1), value: (_, task) => task},
  {
    title: 'Stage',
    text: (run, task) => run.stage(task),
    value: (run, task) => run.timeline.tasks.stage[task],
  },
  {title: 'Spec', text: (run, task) => run.specLabel(task)},
  {title: 'Database', text: (run, task) => run.laneLabel(task)},
  {title: 'Status', text: (run, task) => run.finalStatus(task)},
  {
    title: 'Start',
    number: true,
    text: (run, task) => offset(run.started(task)),
    value: (run, task) => run.started(task),
  },
  {
    title: 'End',
    number: true,
    text: (run, task) => offset(run.timeline.tasks.end[task]),
    value: (run, task) => run.ended(task),
  },
  {
    title: 'Waits',
    text: (run, task, zone) =>
      [
        ...run.waits(task, zone).map(({from, to, text}) => `${duration(to - from)} ${text}`),
        run.stillWaits(task),
      ]
        .filter(Boolean)
        .join(', '),
    value: (run, task) => run.waits(task, 'UTC').reduce((sum, {from, to}) => sum + to - from, 0),
  },
];

export class TaskTable extends LitElement {
  static override properties = {
    run: {attribute: false},
    selected: {type: Number},
    zone: {},
    column: {state: true},
    descending: {state: true},
    filter: {state: true},
    first: {state: true},
  };
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      .search {
        padding: 6px 8px;
      }
      .scroller {
        overflow: auto;
        flex: 1;
        min-height: 120px;
      }
      table {
        border-collapse: collapse;
        width: 100%;
        font-variant-numeric: tabular-nums;
      }
      thead {
        position: sticky;
        top: 0;
        background: var(--panel);
        z-index: 1;
      }
      th {
        text-align: left;
        padding: 0;
        font-weight: 600;
      }
      th button {
        border: 0;
        background: none;
        padding: 4px 10px;
        width: 100%;
        text-align: inherit;
        font-weight: inherit;
      }
      td {
        height: ${rowHeight}px;
        padding: 0 10px;
        border-bottom: 1px solid var(--line);
        white-space: nowrap;
        max-width: 24rem;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .number {
        text-align: right;
      }
      tbody tr {
        cursor: pointer;
      }
      tr[aria-selected='true'] td {
        background: var(--selected);
      }
      tr[aria-selected='true'] td:first-child {
        box-shadow: inset 3px 0 var(--accent);
      }
      .spacer td {
        padding: 0;
        border: 0;
      }
      td button {
        all: unset;
        cursor: pointer;
        text-decoration: underline;
      }
      td button:focus-visible {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }
    `,
  ];

  declare run: Run;
  declare selected: number;
  declare zone: string;
  declare column: number;
  declare descending: boolean;
  declare filter: string;
  declare first: number;

  constructor() {
    super();
    this.column = 0;
    this.descending = false;
    this.filter = '';
    this.first = 0;
  }

  #rows: number[] = [];

  override willUpdate(changed: PropertyValues<this>) {
    if (
      !['run', 'column', 'descending', 'filter'].some((name) =>
        changed.has(name as keyof TaskTable),
      )
    )
      return;
    const {run, column, descending, filter, zone} = this;
    const {text, value} = columns[column];
    let rows = Array.from({length: run.size}, (_, task) => task);
    const wanted = filter.trim().toLowerCase();
    if (wanted) {
      const texts = (task: number) => [
        run.spec(task),
        ...columns.slice(0, 5).map((cell) => cell.text(run, task, zone)),
      ];
      rows = rows.filter((task) =>
        texts(task).some((text_) => text_.toLowerCase().includes(wanted)),
      );
    }
    if (column > 0 || descending) {
      const keys = new Map(
        rows.map((task) => [task, value ? value(run, task) : text(run, task, zone)]),
      );
      const sign = descending ? -1 : 1;
      rows.sort((a, b) => {
        const x = keys.get(a)!;
        const y = keys.get(b)!;
        return (
          sign * (typeof x === 'number' ? x - (y as number) : x.localeCompare(y as string)) || a - b
        );
      });
    }
    this.#rows = rows;
  }

  override updated(changed: PropertyValues<this>) {
    if (changed.has('selected') && this.selected >= 0) this.#reveal();
  }

  override render() {
    const {run} = this;
    const shown =
      Math.ceil((this.renderRoot.querySelector('.scroller')?.clientHeight || 800) / rowHeight) + 20;
    const first = Math.max(0, Math.min(this.first - 10, this.#rows.length - shown));
    const rows = this.#rows.slice(first, first + shown);
    const below = this.#rows.length - first - rows.length;
    const spacer = (count: number) =>
      count > 0
        ? html`<tr class="spacer" aria-hidden="true">
            <td colspan=${columns.length} .style=${`height:${count * rowHeight}px`}></td>
          </tr>`
        : nothing;
    return html`<div class="search row">
        <label>Find <input type="search" .value=${this.filter} @input=${this.#find} /></label>
        <span class="faint" role="status">${this.#rows.length} of ${run.size} tasks</span>
      </div>
      <div class="scroller" tabindex="0" role="region" aria-label="Tasks" @scroll=${this.#scroll}>
        <table
          aria-rowcount=${this.#rows.length + 1}
          aria-label="Tasks, starting ${clock(run.start, this.zone)}"
        >
          <thead>
            <tr aria-rowindex="1">
              ${columns.map(
                ({title, number}, index) =>
                  html`<th
                    scope="col"
                    class=${number ? 'number' : ''}
                    aria-sort=${index !== this.column
                      ? 'none'
                      : this.descending
                        ? 'descending'
                        : 'ascending'}
                  >
                    <button type="button" @click=${() => this.#sort(index)}>
                      ${title}<span aria-hidden="true"
                        >${index !== this.column ? '' : this.descending ? ' ↓' : ' ↑'}</span
                      >
                    </button>
                  </th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${spacer(first)}
            ${rows.map(
              (task, place) =>
                html`<tr
                  aria-rowindex=${first + place + 2}
                  aria-selected=${String(task === this.selected)}
                  @click=${() => this.#select(task)}
                >
                  ${columns.map(({number, text}, index) => {
                    const words = text(run, task, this.zone);
                    return html`<td class=${number ? 'number' : ''} title=${words}>
                      ${index === 0
                        ? html`<button type="button" aria-label="Select task ${task + 1}">
                            ${words}
                          </button>`
                        : words}
                    </td>`;
                  })}
                </tr>`,
            )}
            ${spacer(below)}
          </tbody>
        </table>
      </div>`;
  }

  #find(event: Event) {
    this.filter = (event.target as HTMLInputElement).value;
    this.first = 0;
  }
  #scroll(event: Event) {
    this.first = Math.floor((event.target as HTMLElement).scrollTop / rowHeight);
  }
  #sort(column: number) {
    this.descending = column === this.column && !this.descending;
    this.column = column;
  }
  #select(task: number) {
    this.dispatchEvent(new CustomEvent('select-task', {detail: task}));
  }
  #reveal() {
    const place = this.#rows.indexOf(this.selected);
    const scroller = this.renderRoot.querySelector('.scroller');
    if (place < 0 || !scroller) return;
    const top = place * rowHeight;
    if (
      top < scroller.scrollTop ||
      top > scroller.scrollTop + scroller.clientHeight - 3 * rowHeight
    ) {
      scroller.scrollTop = top - scroller.clientHeight / 2;
    }
  }
}
customElements.define('task-table', TaskTable);
