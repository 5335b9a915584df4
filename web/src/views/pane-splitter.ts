// <pane-splitter>: the border between two panes, to be moved by pointer or arrow keys. Tells the part
// of the left one, in percent.
import {css, html, LitElement} from 'lit';

import {base} from '../styles.js';

const least = 20;
const most = 80;

export class PaneSplitter extends LitElement {
  static override properties = {value: {type: Number}};
  static override styles = [
    base,
    css`
      :host {
        display: block;
        cursor: col-resize;
        background: var(--panel);
        border-right: 1px solid var(--line);
        touch-action: none;
      }
      :host(:hover),
      :host(:focus-visible) {
        background: var(--accent);
      }
    `,
  ];

  declare value: number;

  constructor() {
    super();
    this.value = 45;
  }

  override connectedCallback() {
    super.connectedCallback();
    this.tabIndex = 0;
    this.role = 'separator';
    this.ariaOrientation = 'vertical';
    this.ariaLabel = 'Width of the documents';
    this.ariaValueMin = String(least);
    this.ariaValueMax = String(most);
    this.addEventListener('pointerdown', (event) => this.setPointerCapture(event.pointerId));
    this.addEventListener('pointermove', (event) => {
      if (this.hasPointerCapture(event.pointerId)) this.#move((event.clientX / innerWidth) * 100);
    });
    this.addEventListener('keydown', (event) => {
      const step = {ArrowLeft: -2, ArrowRight: 2}[event.key];
      if (step !== undefined) this.#move(this.value + step);
    });
  }

  override render() {
    this.ariaValueNow = String(Math.round(this.value));
    return html``;
  }

  #move(value: number) {
    this.value = Math.min(Math.max(value, least), most);
    this.dispatchEvent(new CustomEvent('move', {detail: this.value}));
  }
}
customElements.define('pane-splitter', PaneSplitter);
