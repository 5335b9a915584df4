// <rollout-drawing>: a drawing of the core's, as SVG: lanes or the graph. What is selected and what
// has come to its turn at the cursor's time are classes on its elements.
import {css, html, LitElement, type PropertyValues} from 'lit';

import type {Run} from '../run.js';
import {base} from '../styles.js';
import {parseDrawing, taskAt} from './drawing.js';

/** A spec on a thousand databases is related to thousands of tasks: shown they tell nothing. */
const mostRelated = 200;

export class RolloutDrawing extends LitElement {
  static override properties = {
    text: {attribute: false},
    run: {attribute: false},
    selected: {type: Number},
    cursor: {type: Number},
    label: {},
  };
  static override styles = [
    base,
    css`
      :host {
        display: block;
        overflow: auto;
        position: relative;
        /* Opaque, it is a layer of its own: what moves beside it does not lay it out again. */
        background: var(--paper);
      }
      :host(:focus-visible) {
        outline: 2px solid var(--accent);
        outline-offset: -2px;
      }
      .task,
      .group {
        cursor: pointer;
      }
      .task.ahead,
      .group.ahead {
        opacity: 0.45;
      }
      .task.now .box {
        stroke: var(--accent);
        stroke-width: 2.5;
      }
      .task.selected .box,
      .group.selected .box {
        stroke: var(--ink);
        stroke-width: 3;
        stroke-dasharray: none;
      }
      .task.related .box {
        stroke: var(--accent);
        stroke-width: 2;
        stroke-dasharray: 2 2;
      }
      .edge {
        opacity: 0.55;
      }
      .edge.near {
        opacity: 1;
      }
      .edge.near path {
        stroke: var(--accent);
      }
      .cursor {
        stroke: var(--error);
        stroke-width: 1.5;
        pointer-events: none;
      }
      @media (forced-colors: active) {
        .task.selected .box,
        .group.selected .box {
          stroke: Highlight;
        }
      }
    `,
  ];

  declare text: string;
  declare run: Run;
  declare selected: number;
  declare cursor: number;
  declare label: string;

  #svg: SVGSVGElement | null = null;
  #line: SVGLineElement | null = null;
  #elements: {element: Element; start: number; end: number; state: string}[] = [];
  #left = 0;
  #right = 0;

  override render() {
    return html`<div class="paper" @click=${this.#click}></div>`;
  }

  override connectedCallback() {
    super.connectedCallback();
    this.tabIndex = 0;
    this.setAttribute('role', 'group');
  }

  override updated(changed: PropertyValues<this>) {
    if (changed.has('label')) this.setAttribute('aria-label', this.label);
    if (changed.has('text')) this.#show();
    if (changed.has('text') || changed.has('run')) this.#index();
    if (changed.has('text') || changed.has('run') || changed.has('cursor')) this.#showCursor();
    if (changed.has('text') || changed.has('selected')) this.#showSelected();
  }

  #show() {
    const {svg, style} = parseDrawing(this.text);
    const adopted = this.shadowRoot!.adoptedStyleSheets.filter((sheet) => sheet !== style);
    // Before this element's own, which say more.
    this.shadowRoot!.adoptedStyleSheets = [style, ...adopted];
    this.renderRoot.querySelector('.paper')!.replaceChildren(svg);
    this.#svg = svg;
    if (!performance.getEntriesByName('usable').length) performance.mark('usable');
    this.#left = Number(svg.dataset.left);
    this.#right = Number(svg.dataset.right);
    this.#line = null;
    if (svg.dataset.left === undefined) return;
    this.#line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    this.#line.setAttribute('class', 'cursor');
    this.#line.setAttribute('y1', '16');
    this.#line.setAttribute('y2', svg.getAttribute('height')!);
    svg.append(this.#line);
  }

  #index() {
    const {run} = this;
    this.#elements = [...this.#svg!.querySelectorAll('[data-task]')].map((element) => {
      const task = Number(element.getAttribute('data-task'));
      element.classList.remove('now', 'ahead');
      const runs = run.started(task) >= 0;
      const start = runs ? run.started(task) : run.settled(task);
      return {element, start, end: runs ? run.ended(task) : start, state: ''};
    });
  }

  #showCursor() {
    const {cursor, run} = this;
    for (const entry of this.#elements) {
      const state = cursor >= entry.end ? '' : cursor >= entry.start ? 'now' : 'ahead';
      if (state === entry.state) continue;
      if (entry.state) entry.element.classList.remove(entry.state);
      if (state) entry.element.classList.add(state);
      entry.state = state;
    }
    if (!this.#line) return;
    const x = this.#left + ((this.#right - this.#left) * cursor) / Math.max(run.makespan, 1);
    this.#line.setAttribute('x1', String(x));
    this.#line.setAttribute('x2', String(x));
  }

  #showSelected() {
    const {selected, run} = this;
    for (const element of this.renderRoot.querySelectorAll('.selected, .near, .related')) {
      element.classList.remove('selected', 'near', 'related');
    }
    if (selected < 0 || selected >= run.size) return;
    const group = run.timeline.tasks.group[selected];
    const chosen =
      this.#svg?.querySelector(`.task[data-task="${selected}"]`) ??
      this.#svg?.querySelector(`.group[data-group="${group}"]`);
    chosen?.classList.add('selected');
    const near = `.edge[data-from="${group}"], .edge[data-to="${group}"]`;
    this.#svg?.querySelectorAll(near).forEach((edge) => edge.classList.add('near'));
    const {before, after} = run.related(selected);
    for (const task of [...before, ...after].slice(0, mostRelated)) {
      this.#svg?.querySelector(`.task[data-task="${task}"]`)?.classList.add('related');
    }
    chosen?.scrollIntoView({block: 'nearest', inline: 'nearest'});
  }

  #click(event: Event) {
    const task = taskAt(event);
    if (task !== null) this.dispatchEvent(new CustomEvent('select-task', {detail: task}));
  }
}
customElements.define('rollout-drawing', RolloutDrawing);
