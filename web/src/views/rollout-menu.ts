// <rollout-menu>: the rollouts that the server has, asked for whenever the menu is opened.
import {html, LitElement} from 'lit';

import {clock, localZone} from '../format.js';
import type {RolloutEntry} from '../server.js';
import {base} from '../styles.js';
import {lastPart} from '../workspace.js';
import './menu-button.js';
import type {MenuItem} from './menu-button.js';

const colours: {[status: string]: string} = {
  DONE: 'good',
  RUNNING: 'info',
  FAILED: 'error',
  CANCELED: 'warning',
  PAUSED: 'warning',
  IN_DOUBT: 'warning',
};

export class RolloutMenu extends LitElement {
  static override properties = {list: {attribute: false}};
  static override styles = base;

  /** Null before it is known. */
  declare list: {rollouts: RolloutEntry[]; more: boolean} | null;

  override render() {
    return html`<menu-button
      label="Rollouts"
      .items=${this.list?.rollouts.map((entry) => this.#item(entry)) ?? []}
      .note=${this.#note()}
      @opened=${() => this.dispatchEvent(new CustomEvent('refresh'))}
    ></menu-button>`;
  }

  #item({name, title, createTime, status}: RolloutEntry): MenuItem {
    return [
      html`<strong class=${colours[status] ?? ''}>${status}</strong> ${title || name}
        <span class="faint"
          >${lastPart(name)}, ${clock(Date.parse(createTime), localZone())}</span
        >`,
      () => this.dispatchEvent(new CustomEvent('choose', {detail: name})),
    ];
  }

  #note() {
    if (!this.list) return 'Asking the server…';
    if (this.list.rollouts.length === 0) return 'There are none yet.';
    return this.list.more ? 'These are the newest ones.' : '';
  }
}
customElements.define('rollout-menu', RolloutMenu);
