// <scenario-bar>: what the simulation assumes. All of it is written into the scenario document.
import {css, html, LitElement} from 'lit';

import {localZone, zones} from '../format.js';
import {setDuration, setParallel, settings, setStart} from '../scenario.js';
import {base} from '../styles.js';
import {emptyDoc} from '../workspace.js';
import {fromZone, inZone} from '../zone.js';

export class ScenarioBar extends LitElement {
  static override properties = {text: {attribute: false}, zone: {}};
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      summary {
        padding: 6px 12px;
        cursor: pointer;
      }
      .row {
        padding: 0 12px 8px;
        gap: 6px 14px;
      }
      input {
        width: 6rem;
      }
      input[type='datetime-local'] {
        width: auto;
      }
    `,
  ];

  declare text: string | undefined;
  declare zone: string;

  override render() {
    const {parallel, start, duration} = settings(this.text);
    return html`<details>
      <summary>Assumptions</summary>
      <div class="row">
        <label
          >A task takes <input placeholder="1s" .value=${duration} @change=${this.#on(setDuration)}
        /></label>
        <label
          >At once at most
          <input
            type="number"
            min="0"
            placeholder="no limit"
            .value=${String(parallel ?? '')}
            @change=${this.#on((text, value) => setParallel(text, Number(value) || null))}
        /></label>
        <label
          >Starts
          <input
            type="datetime-local"
            step="1"
            .value=${start ? inZone(Date.parse(start), this.zone) : ''}
            @change=${this.#on((text, value) => {
              const time = fromZone(value, this.zone);
              return value && !time ? text : setStart(text, time);
            })}
        /></label>
        <label
          >Time zone
          <select
            @change=${(event: Event) =>
              this.#tell('zone', (event.target as HTMLSelectElement).value)}
          >
            ${[...new Set([localZone(), ...zones()])].map(
              (zone) => html`<option ?selected=${zone === this.zone}>${zone}</option>`,
            )}
          </select></label
        >
      </div>
    </details>`;
  }

  #on(change: (text: string, value: string) => string) {
    return (event: Event) => {
      const text = this.text ?? emptyDoc('scenario').text;
      this.#tell('scenario', change(text, (event.target as HTMLInputElement).value));
    };
  }

  #tell(type: string, detail: string) {
    this.dispatchEvent(
      new CustomEvent(type, {detail, bubbles: type === 'scenario', composed: true}),
    );
  }
}
customElements.define('scenario-bar', ScenarioBar);
