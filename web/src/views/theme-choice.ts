// <theme-choice>: light, dark, or as the system is.
import {html, LitElement} from 'lit';

import {keepTheme, restoreTheme, type Theme} from '../storage.js';
import {base} from '../styles.js';

const labels: Record<Theme, string> = {auto: 'Theme: system', light: 'Light', dark: 'Dark'};

function show(theme: Theme) {
  const {dataset} = document.documentElement;
  if (theme === 'auto') delete dataset.theme;
  else dataset.theme = theme;
}

export class ThemeChoice extends LitElement {
  static override styles = base;

  #theme = restoreTheme();

  override connectedCallback() {
    super.connectedCallback();
    show(this.#theme);
  }

  override render() {
    return html`<label
      ><span class="hidden">Theme</span>
      <select @change=${this.#choose}>
        ${Object.entries(labels).map(
          ([theme, label]) =>
            html`<option value=${theme} ?selected=${theme === this.#theme}>${label}</option>`,
        )}
      </select></label
    >`;
  }

  #choose(event: Event) {
    this.#theme = (event.target as HTMLSelectElement).value as Theme;
    keepTheme(this.#theme);
    show(this.#theme);
  }
}
customElements.define('theme-choice', ThemeChoice);
