// <menu-button>: a button that opens a list of things to do. Closes when one is chosen, by Escape, and
// when the focus goes elsewhere. Tells "opened", for lists that are made only then.
import {css, html, LitElement, nothing, type TemplateResult} from 'lit';

import {base} from '../styles.js';

export type MenuItem = [text: string | TemplateResult, act: () => void];

export class MenuButton extends LitElement {
  static override properties = {label: {}, name: {}, items: {attribute: false}, note: {}};
  static override styles = [
    base,
    css`
      details {
        position: relative;
      }
      summary {
        display: flex;
        align-items: center;
        gap: 4px;
        height: 30px;
        padding: 0 10px;
        white-space: nowrap;
        list-style: none;
        cursor: pointer;
        border: 1px solid var(--line);
        border-radius: 6px;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      div {
        position: absolute;
        z-index: 20;
        top: 100%;
        left: 0;
        display: grid;
        gap: 2px;
        margin-top: 4px;
        padding: 6px;
        width: max-content;
        max-width: calc(100vw - 24px);
        max-height: 70vh;
        overflow: auto;
        background: var(--paper);
        border: 1px solid var(--line);
        border-radius: 8px;
        box-shadow: 0 4px 16px #0003;
      }
      button {
        white-space: normal;
      }
      p {
        margin: 3px 6px;
      }
      @media (max-width: 800px) {
        div {
          position: fixed;
          left: 12px;
          right: 12px;
          top: auto;
          width: auto;
        }
      }
    `,
  ];

  declare label: string;
  /** For those who do not see it, when the label says too little. */
  declare name: string;
  declare items: readonly MenuItem[];
  /** Below the items, or in their place. */
  declare note: string | undefined;

  override render() {
    return html`<details @focusout=${this.#leave} @keydown=${this.#key} @toggle=${this.#toggled}>
      <summary role="button" aria-label=${this.name ?? this.label}>
        ${this.label} <span aria-hidden="true">▾</span>
      </summary>
      <div>
        ${this.items.map(
          ([text, act]) =>
            html`<button type="button" class="plain" @click=${() => this.#choose(act)}>
              ${text}
            </button>`,
        )}
        ${this.note ? html`<p class="faint" role="status">${this.note}</p>` : nothing}
      </div>
    </details>`;
  }

  get #details() {
    return this.renderRoot.querySelector('details')!;
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('pointerdown', this.#outside, true);
  }

  #toggled() {
    const {open} = this.#details;
    if (open) this.dispatchEvent(new CustomEvent('opened'));
    (open ? addEventListener : removeEventListener)('pointerdown', this.#outside, true);
  }
  /** Also on what takes no focus. */
  #outside = (event: Event) => {
    if (!event.composedPath().includes(this)) this.#details.open = false;
  };
  #choose(act: () => void) {
    this.#details.open = false;
    act();
  }
  #leave(event: FocusEvent) {
    const to = event.relatedTarget as Node | null;
    if (to && !this.#details.contains(to)) this.#details.open = false;
  }
  #key(event: KeyboardEvent) {
    if (event.key !== 'Escape' || !this.#details.open) return;
    this.#details.open = false;
    this.renderRoot.querySelector('summary')!.focus();
  }
}
customElements.define('menu-button', MenuButton);
