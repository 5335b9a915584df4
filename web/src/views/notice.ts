// A line above the documents that says what happened, until somebody has read it.
import {html, nothing} from 'lit';

export interface Notice {
  text: string;
  /** Takes back what happened. */
  undo?: () => void;
  dismiss: () => void;
}

/** Nothing without a text. */
export const notice = ({text, undo, dismiss}: Notice) =>
  text
    ? html`<p class="notice" role=${undo ? 'status' : 'alert'}>
        <span class="grow">${text}</span>
        ${undo ? html`<button type="button" @click=${undo}>Undo</button>` : nothing}
        <button type="button" @click=${dismiss}>Dismiss</button>
      </p>`
    : nothing;
