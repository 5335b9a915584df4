// <ask-dialog>: one question with one line as its answer. Questions that come together wait for
// each other.
import {css, html, LitElement} from 'lit';

import {base} from '../styles.js';

export interface Question {
  title: string;
  text: string;
  label: string;
  /** What the button says that answers it. */
  accept: string;
  secret?: boolean;
}

export class AskDialog extends LitElement {
  static override properties = {question: {state: true}};
  static override styles = [
    base,
    css`
      dialog {
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--paper);
        color: var(--ink);
        width: min(28rem, calc(100vw - 2rem));
      }
      input {
        display: block;
        width: 100%;
        margin: 4px 0 12px;
      }
    `,
  ];

  declare question: Question;

  #before: Promise<unknown> = Promise.resolve();

  constructor() {
    super();
    this.question = {title: '', text: '', label: '', accept: ''};
  }

  /** The answer, which may be empty; null when somebody would rather not. */
  ask(question: Question): Promise<string | null> {
    const answer = this.#before.then(() => this.#ask(question));
    this.#before = answer;
    return answer;
  }

  async #ask(question: Question) {
    this.question = question;
    await this.updateComplete;
    const dialog = this.renderRoot.querySelector('dialog')!;
    const input = this.renderRoot.querySelector('input')!;
    input.value = '';
    dialog.returnValue = '';
    dialog.showModal();
    await new Promise((closed) => dialog.addEventListener('close', closed, {once: true}));
    const answer = dialog.returnValue === 'accepted' ? input.value.trim() : null;
    input.value = '';
    return answer;
  }

  override render() {
    const {title, text, label, accept, secret} = this.question;
    return html`<dialog aria-labelledby="title" aria-describedby="text">
      <h2 id="title">${title}</h2>
      <p id="text">${text}</p>
      <form method="dialog">
        <label
          >${label}
          <input type=${secret ? 'password' : 'text'} autocomplete="off" spellcheck="false"
        /></label>
        <div class="row">
          <button class="primary" value="accepted">${accept}</button>
          <button type="button" @click=${this.#close}>Close</button>
        </div>
      </form>
    </dialog>`;
  }

  #close() {
    this.renderRoot.querySelector('dialog')!.close();
  }
}
customElements.define('ask-dialog', AskDialog);
