// <rollout-questions>: what people ask before a maintenance window, and after it: does it fit, what
// if something goes wrong, why does it take so long, what differs on Bytebase's own server, how did
// it go. The core answers, in its own words.
import type {CompareAnswer, StudyAnswer} from '@lockstep/core';
import {css, html, LitElement, nothing, type PropertyValues} from 'lit';

import {pause, superseded} from '../analysis.js';
import {count} from '../format.js';
import type {Run} from '../run.js';
import {comparisonOf, learnFrom, mostRuns, semanticsOf, studyOf} from '../study.js';
import {base} from '../styles.js';
import {find, type Workspace} from '../workspace.js';
import {answerText, answerTextStyles} from './answer-text.js';
import './fit-question.js';
import type {Fit} from './fit-question.js';
import './tab-bar.js';

interface Answers {
  fit: StudyAnswer;
  'what-if': StudyAnswer;
  time: StudyAnswer;
  server: string | null;
  real: CompareAnswer;
}
type Question = keyof Answers;
const questions: {id: Question; label: string}[] = [
  {id: 'fit', label: 'Does it fit?'},
  {id: 'what-if', label: 'What if?'},
  {id: 'time', label: 'Why so long?'},
  {id: 'server', label: 'What differs on Bytebase?'},
  {id: 'real', label: 'How did it go?'},
];

/** Older events do not tell how boldly the run went. */
const tellsPolicy = (events: string | null) =>
  /"type":"rollout_started"[^\n]*"policy":/.test(events ?? '');

export class RolloutQuestions extends LitElement {
  static override properties = {
    source: {attribute: false},
    run: {attribute: false},
    real: {attribute: false},
    scenario: {attribute: false},
    active: {type: Boolean},
    question: {state: true},
    fit: {state: true},
    answers: {state: true},
    asking: {state: true},
    learnt: {state: true},
  };
  static override styles = [
    base,
    answerTextStyles,
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
        padding-bottom: 8px;
      }
      tab-bar {
        padding: 0 8px;
      }
    `,
  ];

  /** The documents that are asked about, and the rollout that they become. */
  declare source: Workspace;
  declare run: Run;
  /** What really happened; null when no run is open. */
  declare real: Run | null;
  /** As it is written now. */
  declare scenario: string | undefined;
  /** Whether somebody looks. */
  declare active: boolean;
  declare question: Question;
  declare fit: Fit;
  declare answers: Partial<Answers>;
  declare asking: boolean;
  /** What became of the wish to learn from the run. */
  declare learnt: string;

  constructor() {
    super();
    this.real = null;
    this.active = false;
    this.question = 'fit';
    this.fit = {runs: 1000, window: ''};
    this.answers = {};
    this.asking = false;
    this.learnt = '';
  }

  override willUpdate(changed: PropertyValues<this>) {
    if (!this.real && this.question === 'real') this.question = 'fit';
    if (changed.has('real')) this.learnt = '';
  }

  #later = 0;
  override updated(changed: PropertyValues<this>) {
    const asked = ['active', 'source', 'question', 'fit'] as const;
    if (!this.active || !asked.some((name) => changed.has(name))) return;
    clearTimeout(this.#later);
    const wait = changed.has('source') && this.question in this.answers ? pause : 0;
    this.#later = window.setTimeout(() => void this.#ask(), wait);
  }

  async #ask() {
    const {question} = this;
    this.asking = true;
    try {
      const answer = await this.#answer(question);
      this.answers = {...this.answers, [question]: answer};
      this.asking = false;
    } catch (error) {
      if (superseded(error)) return;
      this.asking = false;
      throw error;
    }
  }

  #answer(question: Question): Promise<Answers[Question]> {
    const {source} = this;
    const {runs, window} = this.fit;
    switch (question) {
      case 'fit':
        return studyOf(source, {
          runs: Math.min(runs, mostRuns(this.run.size)),
          window: window || undefined,
        });
      case 'what-if':
        return studyOf(source, {});
      case 'time':
        return studyOf(source, {explain: true});
      case 'server':
        return semanticsOf(source);
      case 'real':
        return comparisonOf(source);
    }
  }

  override render() {
    const shown = questions.filter(({id}) => id !== 'real' || this.real);
    return html`<tab-bar
        label="Questions"
        .tabs=${shown}
        .selected=${this.question}
        @choose=${(event: CustomEvent<Question>) => (this.question = event.detail)}
      ></tab-bar>
      <div
        class="answer"
        role="tabpanel"
        tabindex="0"
        aria-label=${shown.find(({id}) => id === this.question)!.label}
      >
        ${this.#panel()}
      </div>`;
  }

  #panel() {
    const {answers, asking} = this;
    switch (this.question) {
      case 'fit':
        return html`<fit-question
          .run=${this.run}
          .scenario=${this.scenario ?? find(this.source, 'scenario')?.text}
          .fit=${this.fit}
          .answer=${answers.fit}
          .asking=${asking}
          @fit=${(event: CustomEvent<Fit>) => (this.fit = event.detail)}
        ></fit-question>`;
      case 'what-if':
        return answers['what-if']?.texts?.comparison === null
          ? html`<p class="faint">
              Nothing is assumed to go wrong. Select a task and let it fail, skip it or let it take
              longer; or write failures, delays, locks, outages and commands into the scenario.
            </p>`
          : answerText(answers['what-if']?.texts?.comparison, asking);
      case 'time':
        return answerText(answers.time?.texts?.analysis, asking);
      case 'server':
        return answerText(answers.server, asking);
      case 'real':
        return this.#real();
    }
  }

  #real() {
    const {comparison, text, error} = this.answers.real ?? {};
    if (error) return html`<p class="error">${error.message}</p>`;
    return html`<div class="row">
        <button type="button" @click=${this.#learn}>Learn durations from this run</button>
        <span role="status">${this.learnt}</span>
      </div>
      ${comparison === null
        ? html`<p class="faint">The run has no events yet.</p>`
        : answerText(text, this.asking)}
      ${comparison && !comparison.order.follows && !tellsPolicy(this.source.events)
        ? html`<p class="faint">
            These events, of an older Lockstep, do not tell whether the run was given
            <code>--parallel</code>, <code>--canary</code> or <code>--max-failures</code>. If it
            was, write <code>parallel</code>, <code>canary</code> or <code>maxFailures</code> into
            the scenario.
          </p>`
        : nothing}`;
  }

  #learn = async () => {
    const {scenario, runs, error} = await learnFrom(this.source);
    if (!scenario) {
      this.learnt = error?.message ?? 'No task has ended well yet: there is nothing to learn.';
      return;
    }
    const options = {detail: scenario, bubbles: true, composed: true};
    this.dispatchEvent(new CustomEvent('learnt', options));
    this.learnt = `Written into the scenario, from ${count(runs!, 'task')} that went well.`;
  };
}
customElements.define('rollout-questions', RolloutQuestions);
