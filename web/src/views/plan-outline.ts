// <plan-outline>: steps and specs, as they are written.
import type {Outline} from '@lockstep/core';
import {css, html, LitElement, nothing} from 'lit';

import {count} from '../format.js';
import {base} from '../styles.js';

const most = 1000;
const last = (name: string) =>
  name
    .split('/')
    .filter((_, place) => place % 2)
    .join('/') || name;

export class PlanOutline extends LitElement {
  static override properties = {outline: {attribute: false}, selected: {type: Number}};
  static override styles = [
    base,
    css`
      :host {
        display: block;
        overflow: auto;
        padding: 4px 8px;
      }
      ol {
        margin: 0 0 6px;
        padding-left: 1.2em;
      }
      ol ol {
        list-style: none;
      }
      button {
        white-space: normal;
        overflow-wrap: anywhere;
      }
      [aria-current] {
        background: var(--selected);
      }
    `,
  ];

  declare outline: Outline | null;
  declare selected: number;

  override render() {
    if (!this.outline) return html`<p class="faint">The plan cannot be read yet.</p>`;
    let shown = 0;
    return html`<ol>
      ${this.outline.steps.map(
        (step, number) =>
          html`<li>
            <button type="button" class="plain" @click=${() => this.#jump(step.range)}>
              ${step.title || `step ${number + 1}`}
              <span class="faint">${count(step.specs.length, 'spec')}</span>
            </button>
            <ol>
              ${step.specs.map((spec) =>
                ++shown > most
                  ? nothing
                  : html`<li>
                      <button
                        type="button"
                        class="plain"
                        aria-current=${spec.index === this.selected ? 'true' : nothing}
                        @click=${() => this.#choose(spec)}
                      >
                        ${spec.id || '(no id)'}
                        <span class="faint">${spec.targets.map(last).join(', ')}</span>
                      </button>
                    </li>`,
              )}
            </ol>
          </li>`,
      )}
    </ol>`;
  }

  #jump(range: Outline['steps'][number]['range']) {
    this.dispatchEvent(new CustomEvent('jump', {detail: {file: null, range}}));
  }
  #choose(spec: Outline['steps'][number]['specs'][number]) {
    this.dispatchEvent(new CustomEvent('spec', {detail: spec.index}));
    this.#jump(spec.range);
  }
}
customElements.define('plan-outline', PlanOutline);
