// <share-dialog>: a link that holds the documents. Says what is in it before anybody copies it.
import {css, html, LitElement, nothing, type PropertyValues} from 'lit';

import {toFragment, type ShareOptions} from './share.js';
import {base} from './styles.js';
import type {Workspace} from './workspace.js';

/** What servers and mail programs take at least; what the most common browser shows at most. */
const safeLength = 8000;
const longestUseful = 32_000;

export class ShareDialog extends LitElement {
  static override properties = {
    workspace: {attribute: false},
    options: {state: true},
    link: {state: true},
    copied: {state: true},
  };
  static override styles = [
    base,
    css`
      dialog {
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--paper);
        color: var(--ink);
        width: min(34rem, calc(100vw - 2rem));
      }
      textarea {
        width: 100%;
        font: 12px var(--mono);
        background: var(--panel);
        color: inherit;
        border: 1px solid var(--line);
      }
      label {
        display: block;
        margin: 4px 0;
      }
      input {
        min-height: 0;
      }
    `,
  ];

  declare workspace: Workspace;
  declare options: ShareOptions;
  declare link: string;
  declare copied: boolean;

  constructor() {
    super();
    this.options = {sheets: false, inventory: true};
    this.link = '';
    this.copied = false;
  }

  async show() {
    await this.#make();
    this.renderRoot.querySelector('dialog')!.showModal();
  }

  override updated(changed: PropertyValues<this>) {
    if (changed.has('options') && changed.get('options')) void this.#make();
  }

  async #make() {
    const fragment = await toFragment(this.workspace, this.options);
    this.link = location.origin + location.pathname + fragment;
    this.copied = false;
  }

  override render() {
    const has = (kind: string) => this.workspace.docs.some((doc) => doc.kind === kind);
    const {length} = this.link;
    return html`<dialog aria-labelledby="title">
      <h2 id="title">Share</h2>
      <p>
        The link holds the documents themselves, compressed. They are in the part of the address
        that is sent to no server; whoever has the link can read them.
      </p>
      ${has('inventory')
        ? this.#option('inventory', 'With the inventory: names and addresses of your databases')
        : nothing}
      ${has('sheet')
        ? this.#option(
            'sheets',
            'With the sheets: your SQL, and whatever data or secrets stand in it',
          )
        : nothing}
      ${this.options.sheets && has('sheet')
        ? html`<p class="warning" role="alert">This link holds your SQL.</p>`
        : nothing}
      <label>Link <textarea readonly rows="4" .value=${this.link}></textarea></label>
      <p class=${length > safeLength ? 'warning' : 'faint'}>
        ${length}
        characters.${length > longestUseful
          ? ' Too long for most programs: save the documents as files instead.'
          : length > safeLength
            ? ' Some programs cut links of this length.'
            : ''}
      </p>
      <div class="row">
        <button type="button" class="primary" @click=${this.#copy}>Copy link</button>
        <button type="button" @click=${() => this.renderRoot.querySelector('dialog')!.close()}>
          Close
        </button>
        <span role="status" class="good">${this.copied ? 'Copied.' : ''}</span>
      </div>
    </dialog>`;
  }

  #option(name: keyof ShareOptions, text: string) {
    return html`<label
      ><input
        type="checkbox"
        .checked=${this.options[name]}
        @change=${(event: Event) =>
          (this.options = {...this.options, [name]: (event.target as HTMLInputElement).checked})}
      />
      ${text}</label
    >`;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.link);
      this.copied = true;
    } catch {
      // Not allowed here: selected, so that the keyboard can copy it.
      this.renderRoot.querySelector('textarea')!.select();
    }
  }
}
customElements.define('share-dialog', ShareDialog);
