// <page-header>: what can be done with the page as a whole. Tells "files", "open" (an example),
// "share", "print", "stop-following"; and of a server's rollouts "refresh" and "choose".
import {css, html, LitElement, nothing} from 'lit';

import {examples} from '../examples.js';
import type {RolloutEntry} from '../server.js';
import {base} from '../styles.js';
import './menu-button.js';
import type {MenuItem} from './menu-button.js';
import './rollout-menu.js';
import './theme-choice.js';

export class PageHeader extends LitElement {
  static override properties = {
    server: {type: Boolean},
    rollouts: {attribute: false},
    saves: {attribute: false},
    runs: {attribute: false},
    following: {type: Boolean},
  };
  static override styles = [
    base,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        align-items: center;
        padding: 6px 12px;
        border-bottom: 1px solid var(--line);
      }
      h1 {
        font-size: 17px;
        margin: 0 12px 0 0;
      }
    `,
  ];

  /** Whether this page comes from one that has rollouts. */
  declare server: boolean;
  /** Null before they are known. */
  declare rollouts: {rollouts: RolloutEntry[]; more: boolean} | null;
  declare saves: MenuItem[];
  /** What can be done with real runs. */
  declare runs: MenuItem[];
  /** Whether one is followed. */
  declare following: boolean;

  /** Lets somebody choose files. */
  pick() {
    this.renderRoot.querySelector<HTMLInputElement>('#files')!.click();
  }

  override render() {
    return html`<header>
      <h1>Lockstep</h1>
      <button type="button" @click=${this.pick}>Open…</button>
      <input
        id="files"
        type="file"
        multiple
        hidden
        accept=".json,.jsonc,.sql,.ndjson,.jsonl,.csv"
        @change=${this.#picked}
      />
      ${this.server
        ? html`<rollout-menu
            .list=${this.rollouts}
            @refresh=${() => this.#tell('refresh')}
            @choose=${(event: CustomEvent<string>) => this.#tell('choose', event.detail)}
          ></rollout-menu>`
        : nothing}
      <menu-button label="Examples" .items=${this.#examples}></menu-button>
      <menu-button label="Save" .items=${this.saves}></menu-button>
      <button type="button" @click=${() => this.#tell('share')}>Share…</button>
      <button type="button" @click=${() => this.#tell('print')}>Print</button>
      ${this.following
        ? html`<button
            type="button"
            aria-pressed="true"
            @click=${() => this.#tell('stop-following')}
          >
            Stop following
          </button>`
        : html`<menu-button label="Real run" .items=${this.runs}></menu-button>`}
      <span class="grow"></span>
      <theme-choice></theme-choice>
    </header>`;
  }

  #examples = examples.map(({title, load}): MenuItem => [title, () => this.#tell('open', load())]);

  #picked(event: Event) {
    const input = event.target as HTMLInputElement;
    this.#tell('files', [...(input.files ?? [])]);
    // So that the same one can be chosen again.
    input.value = '';
  }

  #tell(type: string, detail?: unknown) {
    this.dispatchEvent(new CustomEvent(type, {detail}));
  }
}
customElements.define('page-header', PageHeader);
