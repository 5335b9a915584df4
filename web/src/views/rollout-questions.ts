// <rollout-questions>: what people ask before a maintenance window: does it fit, what if something
// goes wrong, why does it take so long. The core answers, in its own words.
import type {StudyAnswer} from '@lockstep/core';
import {css, html, LitElement, nothing, type PropertyValues} from 'lit';

import {pause, superseded} from '../analysis.js';
import {count} from '../format.js';
import type {Run} from '../run.js';
import {setDeadline, settings} from '../scenario.js';
import {mostRuns, studyOf} from '../study.js';
import {base} from '../styles.js';
import {emptyDoc, find, type Workspace} from '../workspace.js';
import './odds-chart.js';
import './tab-bar.js';

type Question = 'fit' | 'what-if' | 'time';
const questions: {id: Question; label: string}[] = [
  {id: 'fit', label: 'Does it fit?'},
  {id: 'what-if', label: 'What if?'},
  {id: 'time', label: 'Why so long?'},
];

export class RolloutQuestions extends LitElement {
  static override properties = {
    source: {attribute: false},
    run: {attribute: false},
    scenario: {attribute: false},
    active: {type: Boolean},
    question: {state: true},
    runs: {state: true},
    window: {state: true},
    answers: {state: true},
    asking: {state: true},
  };
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        flex: 1;
        min-height: 0;
      }
      .answer {
        flex: 1;
        overflow: auto;
        padding: 8px 12px;
        min-height: 0;
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
      pre {
        flex: 1 1 340px;
        min-width: 0;
        margin: 0;
        font: 12px/1.5 var(--mono);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      /* What is too long for a line goes on below its text, not below its heading. */
      pre span {
        display: block;
        padding-left: 11ch;
        text-indent: -11ch;
      }
      tab-bar {
        padding: 0 8px;
      }
      .old {
        opacity: 0.55;
      }
    `,
  ];

  /** The documents that are asked about, and the rollout that they become. */
  declare source: Workspace;
  declare run: Run;
  /** As it is written now. */
  declare scenario: string | undefined;
  /** Whether somebody looks. */
  declare active: boolean;
  declare question: Question;
  declare runs: number;
  declare window: string;
  declare answers: {[question in Question]?: StudyAnswer};
  declare asking: boolean;

  constructor() {
    super();
    this.active = false;
    this.question = 'fit';
    this.runs = 1000;
    this.window = '';
    this.answers = {};
    this.asking = false;
  }

  #later = 0;
  override updated(changed: PropertyValues<this>) {
    const asked = ['active', 'source', 'question', 'runs', 'window'] as const;
    if (!this.active || !asked.some((name) => changed.has(name))) return;
    clearTimeout(this.#later);
    const wait = changed.has('source') && this.answers[this.question] ? pause : 0;
    this.#later = window.setTimeout(() => void this.#ask(), wait);
  }

  async #ask() {
    const {question, source, window} = this;
    const runs = Math.min(this.runs, mostRuns(this.run.size));
    const options = {
      fit: {runs, window: window || undefined},
      'what-if': {},
      time: {explain: true},
    }[question];
    this.asking = true;
    try {
      const answer = await studyOf(source, options);
      this.answers = {...this.answers, [question]: answer};
      this.asking = false;
    } catch (error) {
      if (superseded(error)) return;
      this.asking = false;
      throw error;
    }
  }

  override render() {
    return html`<tab-bar
        label="Questions"
        .tabs=${questions}
        .selected=${this.question}
        @choose=${(event: CustomEvent<Question>) => (this.question = event.detail)}
      ></tab-bar>
      <div
        class="answer"
        role="tabpanel"
        tabindex="0"
        aria-label=${questions.find(({id}) => id === this.question)!.label}
      >
        ${this.#panel()}
      </div>`;
  }

  #panel() {
    if (this.question === 'fit') return this.#fit();
    const texts = this.answers[this.question]?.texts;
    const text = this.question === 'time' ? texts?.analysis : texts?.comparison;
    if (texts && !text) {
      return html`<p class="faint">
        Nothing is assumed to go wrong. Select a task and let it fail, skip it or let it take
        longer; or write failures, delays, locks, outages and commands into the scenario.
      </p>`;
    }
    return html`<pre class=${this.asking ? 'old' : ''}>${lines(text)}</pre>`;
  }

  #fit() {
    const {study, texts, error} = this.answers.fit ?? {};
    const most = mostRuns(this.run.size);
    const forecast = study?.forecast;
    const certain = forecast?.makespan && forecast.makespan.least === forecast.makespan.most;
    return html`<div class="row">
        <label
          >Window
          <input
            class="wide"
            placeholder="Sat 01:00-05:00 Europe/Berlin"
            aria-invalid=${String(error !== undefined)}
            aria-describedby="said"
            .value=${this.window}
            @change=${(event: Event) => (this.window = valueOf(event).trim())}
        /></label>
        <label
          >or done within
          <input
            placeholder="4h"
            ?disabled=${this.window !== ''}
            .value=${settings(this.scenario).deadline}
            @change=${(event: Event) => this.#setDeadline(valueOf(event).trim())}
        /></label>
        <label
          >Simulations
          <input
            type="number"
            min="1"
            max=${most}
            .value=${String(Math.min(this.runs, most))}
            @change=${(event: Event) =>
              (this.runs = Math.min(Math.max(Math.floor(Number(valueOf(event))), 1), most) || 1)}
          />${this.runs > most
            ? html` <span class="faint">of ${count(this.run.size, 'task')} no more at once</span>`
            : nothing}
        </label>
      </div>
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
              <pre>${lines(texts?.forecast)}</pre>
            </div>
            ${certain
              ? html`<p class="faint">
                  All are the same, for nothing is uncertain: durations such as
                  <code>{"p50": "30s", "p95": "2m"}</code> and failures with a probability are.
                </p>`
              : nothing}`
        : nothing}`;
  }

  #setDeadline(value: string) {
    const text = this.scenario ?? find(this.source, 'scenario')?.text ?? emptyDoc('scenario').text;
    this.dispatchEvent(
      new CustomEvent('scenario', {
        detail: setDeadline(text, value),
        bubbles: true,
        composed: true,
      }),
    );
  }
}
customElements.define('rollout-questions', RolloutQuestions);

const lines = (text: string | null | undefined) =>
  text
    ?.trimEnd()
    .split('\n')
    .map((line) => html`<span>${line}</span>`);
const valueOf = (event: Event) => (event.target as HTMLInputElement).value;
