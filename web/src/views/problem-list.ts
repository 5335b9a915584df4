// <problem-list>: every finding of every document. Choosing one leads to its place.
import type {Diagnostic, Range} from '@lockstep/core';
import {css, html, LitElement, nothing} from 'lit';

import {base} from '../styles.js';

/** So many at once: whoever types waits for all of them at each key. */
const atOnce = 100;
const marks = {error: '✕', warning: '!', info: 'i'};
const rank = {error: 0, warning: 1, info: 2};

export class ProblemList extends LitElement {
  static override properties = {
    diagnostics: {attribute: false},
    near: {attribute: false},
    most: {state: true},
  };
  static override styles = [
    base,
    css`
      :host {
        display: block;
        overflow: auto;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 4px;
      }
      li {
        content-visibility: auto;
        contain-intrinsic-height: auto 40px;
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 6px;
      }
      li > button:first-child {
        flex: 1 1 18rem;
        white-space: normal;
        overflow-wrap: anywhere;
      }
      [aria-current] {
        background: var(--selected);
      }
      p {
        margin: 8px 12px;
      }
      .mark {
        display: inline-block;
        width: 1.2em;
        font-weight: 700;
      }
    `,
  ];

  declare diagnostics: readonly Diagnostic[];
  /** What is selected: findings there are marked. */
  declare near: {file: string; range: Range} | null;

  declare most: number;

  constructor() {
    super();
    this.most = atOnce;
  }

  override render() {
    const {most} = this;
    const worstFirst = [...this.diagnostics].sort((a, b) => rank[a.severity] - rank[b.severity]);
    if (this.diagnostics.length === 0) return html`<p class="good">✓ No problems found.</p>`;
    return html`<ul aria-label="Problems">
        ${worstFirst.slice(0, most).map(
          (finding) =>
            html`<li>
              <button
                type="button"
                class="plain"
                aria-current=${this.#isNear(finding) ? 'true' : nothing}
                @click=${() => this.#tell('jump', finding)}
              >
                <span class="mark ${finding.severity}" aria-hidden="true"
                  >${marks[finding.severity]}</span
                ><span class="hidden">${finding.severity}: </span>${finding.message}
                <span class="faint"
                  >${finding.file}:${finding.range.start.line + 1}:${finding.range.start.character +
                  1}
                  ${finding.code}</span
                >
              </button>
              ${finding.fixes.map(
                (fix) =>
                  html`<button type="button" @click=${() => this.#tell('fix', fix)}>
                    ${fix.title}
                  </button>`,
              )}
            </li>`,
        )}
      </ul>
      ${this.diagnostics.length > most
        ? html`<p>
            <button type="button" @click=${() => (this.most += 5 * atOnce)}>
              Show more of the other ${this.diagnostics.length - most}
            </button>
          </p>`
        : nothing}`;
  }

  #isNear({file, range}: Diagnostic) {
    const {near} = this;
    return (
      near?.file === file &&
      near.range.start.line <= range.start.line &&
      range.start.line <= near.range.end.line
    );
  }

  #tell(type: string, detail: unknown) {
    this.dispatchEvent(new CustomEvent(type, {detail}));
  }
}
customElements.define('problem-list', ProblemList);
