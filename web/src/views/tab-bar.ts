// <tab-bar>: a choice among views, by pointer and by arrow keys (WAI-ARIA tabs).
import {css, html, LitElement, nothing} from 'lit';

import {base} from '../styles.js';

export interface Tab {
  id: string;
  label: string;
  /** Something to tell beside it: "3". */
  badge?: string;
  severity?: 'error' | 'warning';
}

export class TabBar extends LitElement {
  static override properties = {
    label: {},
    tabs: {attribute: false},
    selected: {},
    closable: {type: Boolean},
  };
  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .tabs {
        display: flex;
        gap: 2px;
        overflow-x: auto;
        scrollbar-width: thin;
      }
      button {
        border: 0;
        border-bottom: 2px solid transparent;
        border-radius: 6px 6px 0 0;
        background: none;
      }
      button[aria-selected='true'] {
        border-bottom-color: var(--accent);
        font-weight: 600;
      }
      :focus-visible {
        outline-offset: -3px;
      }
      .badge {
        font-size: 12px;
        margin-left: 4px;
      }
    `,
  ];

  declare label: string;
  declare tabs: readonly Tab[];
  declare selected: string;

  override render() {
    return html`<div class="tabs" role="tablist" aria-label=${this.label} @keydown=${this.#key}>
      ${this.tabs.map(
        ({id, label, badge, severity}) =>
          html`<button
            type="button"
            role="tab"
            data-id=${id}
            aria-selected=${String(id === this.selected)}
            tabindex=${id === this.selected ? 0 : -1}
            @click=${() => this.#choose(id)}
          >
            ${label}${badge
              ? html`<span class="badge ${severity ?? 'faint'}">${badge}</span>`
              : nothing}
          </button>`,
      )}
    </div>`;
  }

  #key(event: KeyboardEvent) {
    const at = this.tabs.findIndex(({id}) => id === this.selected);
    const to = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: this.tabs.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const {id} = this.tabs[(to + this.tabs.length) % this.tabs.length];
    this.#choose(id);
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus(),
    );
  }

  #choose(id: string) {
    this.dispatchEvent(new CustomEvent('choose', {detail: id}));
  }
}
customElements.define('tab-bar', TabBar);
