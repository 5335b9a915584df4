// <print-paper>: what is printed instead of the page: a page of the core's, with both drawings and the
// table, however many tasks there are. Not seen on the screen. `full`: it has that page; whoever prints
// by the browser's own menu gets what the screen shows.
import {css, LitElement} from 'lit';

import {withoutStyle} from './drawing.js';

export class PrintPaper extends LitElement {
  static override styles = css`
    :host {
      display: none;
    }
    @media print {
      :host([full]) {
        display: block;
      }
      svg {
        max-width: 100%;
        height: auto;
      }
    }
  `;

  print(text: string) {
    const {css: style, rest} = withoutStyle(text);
    const page = new DOMParser().parseFromString(rest, 'text/html');
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    const root = this.renderRoot as ShadowRoot;
    const adopted = root.adoptedStyleSheets;
    root.adoptedStyleSheets = [...adopted, sheet];
    root.replaceChildren(...document.importNode(page.body, true).childNodes);
    this.toggleAttribute('full', true);
    print();
    this.toggleAttribute('full', false);
    root.replaceChildren();
    root.adoptedStyleSheets = adopted;
  }
}
customElements.define('print-paper', PrintPaper);
