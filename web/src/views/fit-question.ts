// <fit-question>: does the rollout fit into a window, or a time? What is uncertain is drawn by lot,
// some thousand times.
import type {StudyAnswer} from '@lockstep/core';
import {css, html, LitElement, nothing} from 'lit';

import {count} from '../format.js';
import type {Run} from '../run.js';
import {setDeadline, settings} from '../scenario.js';
import {mostRuns} from '../study.js';
import {base} from '../styles.js';
import {emptyDoc} from '../workspace.js';
import {answerText, answerTextStyles} from './answer-text.js';
import './odds-chart.js';

/** What is asked: `window` is "" when there is none. */
export interface Fit {
  readonly runs: number;
  readonly window: string;
}

export class FitQuestion extends LitElement {
  static override properties = {
    run: {attribute: false},
    scenario: {attribute: false},
    fit: {attribute: false},
    answer: {attribute: false},
    asking: {type: Boolean},
  };
  static override styles = [
    base,
    answerTextStyles,
    css`
      :host {
        display: block;
      }
      .row {
        gap: 6px 14px;
        padding-bottom: 4px;
      }
      label input {
        width: 6.5rem;
      }
      label input.wide {
        width: 17rem;
      }
      .said {
        min-height: 21px;
        margin: 0 0 4px;
      }
      .both {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 24px;
        align-items: flex-start;
      }
      odds-chart {
        flex: 1 1 260px;
        min-width: 0;
      }
    `,
  ];

  declare run: Run;
  /** As it is written now. */
  declare scenario: string | undefined;
  declare fit: Fit;
  declare answer: StudyAnswer | undefined;
  /** Whether a newer answer is on its way. */
  declare asking: boolean;

  override render() {
    const {study, texts, error} = this.answer ?? {};
    const forecast = study?.forecast;
    const certain = forecast?.makespan && forecast.makespan.least === forecast.makespan.most;
    return html`${this.#form(error !== undefined)}
      <p class="said" id="said" role="status">
        ${error
          ? html`<span class="error">${error.message}</span>`
          : texts?.deadline
            ? html`<span class="faint">Simulated once:</span> ${texts.deadline}`
            : this.asking && !study
              ? 'Simulating…'
              : nothing}
      </p>
      ${forecast
        ? html`<div class="both ${this.asking ? 'old' : ''}">
              <odds-chart .forecast=${forecast} .run=${this.run}></odds-chart>
              ${answerText(texts?.forecast, false)}
            </div>
            ${certain
              ? html`<p class="faint">
                  All are the same, for nothing is uncertain: durations such as
                  <code>{"p50": "30s", "p95": "2m"}</code> and failures with a probability are.
                </p>`
              : nothing}`
        : nothing}`;
  }

  #form(wrong: boolean) {
    const {runs, window} = this.fit;
    const most = mostRuns(this.run.size);
    return html`<div class="row">
      <label
        >Window
        <input
          class="wide"
          placeholder="Sat 01:00-05:00 Europe/Berlin"
          aria-invalid=${String(wrong)}
          aria-describedby="said"
          .value=${window}
          @change=${(event: Event) => this.#tell('fit', {...this.fit, window: valueOf(event)})}
      /></label>
      <label
        >or done within
        <input
          placeholder="4h"
          ?disabled=${window !== ''}
          .value=${settings(this.scenario).deadline}
          @change=${(event: Event) => this.#setDeadline(valueOf(event))}
      /></label>
      <label
        >Simulations
        <input
          type="number"
          min="1"
          max=${most}
          .value=${String(Math.min(runs, most))}
          @change=${(event: Event) => {
            const wanted = Math.floor(Number(valueOf(event)));
            this.#tell('fit', {...this.fit, runs: Math.min(Math.max(wanted, 1), most) || 1});
          }}
        />${runs > most
          ? html` <span class="faint">of ${count(this.run.size, 'task')} no more at once</span>`
          : nothing}
      </label>
    </div>`;
  }

  #setDeadline(value: string) {
    this.#tell('scenario', setDeadline(this.scenario ?? emptyDoc('scenario').text, value));
  }

  #tell(type: string, detail: unknown) {
    const outside = type === 'scenario';
    this.dispatchEvent(new CustomEvent(type, {detail, bubbles: outside, composed: outside}));
  }
}
customElements.define('fit-question', FitQuestion);

const valueOf = (event: Event) => (event.target as HTMLInputElement).value.trim();
