// <odds-chart>: many simulations as bars: how long they take, how many are done in time, and which
// tasks that depends on.
import type {Forecast} from '@lockstep/core';
import {css, html, LitElement, nothing, svg} from 'lit';

import {count, duration} from '../format.js';
import type {Run} from '../run.js';
import {base} from '../styles.js';

const percents = [5, 25, 50, 75, 90, 95, 99] as const;
const mostTasks = 6;

export class OddsChart extends LitElement {
  static override properties = {forecast: {attribute: false}, run: {attribute: false}};
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      table {
        border-collapse: collapse;
        width: 100%;
        margin-bottom: 12px;
      }
      caption {
        text-align: left;
        font-weight: 600;
        padding-bottom: 2px;
      }
      th {
        font-weight: normal;
        text-align: left;
        white-space: nowrap;
        width: 1%;
      }
      td {
        font-variant-numeric: tabular-nums;
        padding: 1px 0 1px 8px;
      }
      td:last-child {
        text-align: right;
        white-space: nowrap;
        width: 1%;
      }
      svg {
        display: block;
        width: 100%;
        height: 14px;
        background: var(--panel);
      }
      rect {
        fill: var(--accent);
      }
      .late rect {
        fill: var(--warning);
      }
      .certain rect {
        fill: var(--good);
      }
      line {
        stroke: var(--ink);
        stroke-width: 2px;
        vector-effect: non-scaling-stroke;
      }
      th button {
        min-height: 24px;
        padding: 0 4px;
        text-decoration: underline;
        max-width: 14rem;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      @media (max-width: 800px) {
        th button {
          max-width: 9rem;
        }
      }
      @media (forced-colors: active) {
        svg {
          forced-color-adjust: none;
          background: Canvas;
        }
        rect,
        .late rect,
        .certain rect {
          fill: CanvasText;
        }
      }
    `,
  ];

  declare forecast: Forecast;
  declare run: Run;

  override render() {
    const {runs, done, inTime, deadline, makespan} = this.forecast;
    const good = deadline === null ? done : inTime;
    return html`<table id="chance">
        <caption>
          ${deadline === null ? 'Ends DONE' : `DONE within ${duration(deadline)}`}
        </caption>
        <tbody class=${good === runs ? 'certain' : nothing}>
          <tr>
            <th scope="row">${percent(good, runs)}</th>
            <td>${bar(good / runs)}</td>
            <td>${count(good, 'simulation')}</td>
          </tr>
        </tbody>
      </table>
      ${makespan ? this.#makespans(makespan) : nothing} ${this.#tasks()}`;
  }

  #makespans(makespan: NonNullable<Forecast['makespan']>) {
    const {deadline} = this.forecast;
    const longest = Math.max(makespan.most, deadline ?? 0, 1);
    return html`<table id="makespans">
      <caption>
        So many take at most
      </caption>
      <tbody>
        ${percents.map((part) => {
          const length = makespan[`p${part}`];
          const late = deadline !== null && length > deadline;
          return html`<tr class=${late ? 'late' : nothing}>
            <th scope="row">${part}%</th>
            <td>${bar(length / longest, deadline === null ? null : deadline / longest)}</td>
            <td>${duration(length)}${late ? html`<span class="hidden">, too late</span>` : ''}</td>
          </tr>`;
        })}
      </tbody>
    </table>`;
  }

  #tasks() {
    const {forecast, run} = this;
    const tasks = forecast.tasks
      .map(({task, critical}) => ({
        task: Number(task.slice(task.lastIndexOf('/') + 1)) - 1,
        critical,
      }))
      .filter(({task, critical}) => critical > 0 && task < run.size)
      .sort((a, b) => b.critical - a.critical)
      .slice(0, mostTasks);
    if (tasks.length === 0) return nothing;
    return html`<table id="critical">
      <caption>
        Most often on the critical path
      </caption>
      <tbody>
        ${tasks.map(
          ({task, critical}) =>
            html`<tr>
              <th scope="row">
                <button type="button" class="plain" @click=${() => this.#select(task)}>
                  task ${task + 1} on ${run.laneLabel(task)}
                </button>
              </th>
              <td>${bar(critical / forecast.runs)}</td>
              <td>${percent(critical, forecast.runs)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #select(task: number) {
    this.dispatchEvent(
      new CustomEvent('select-task', {detail: task, bubbles: true, composed: true}),
    );
  }
}
customElements.define('odds-chart', OddsChart);

/** `mark`: of the deadline. */
const bar = (part: number, mark: number | null = null) =>
  html`<svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
    <rect width=${100 * part} height="1"></rect>
    ${mark === null ? nothing : svg`<line x1=${100 * mark} x2=${100 * mark} y1="0" y2="1"></line>`}
  </svg>`;

/** Never 100% or 0% of what is not all or nothing. */
function percent(part: number, all: number) {
  const tenths = Math.floor((1000 * part) / all);
  return `${part > 0 && tenths === 0 ? '< 0.1' : tenths / 10}%`;
}
