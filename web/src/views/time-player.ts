// <time-player>: the cursor on the rollout's time: play, pause, step from event to event, scrub.
import {css, html, LitElement, type PropertyValues} from 'lit';

import {clock, duration} from '../format.js';
import type {Run} from '../run.js';
import {base} from '../styles.js';

const speeds = [0.25, 0.5, 1, 2, 4];
/** A whole rollout at speed 1, in milliseconds. */
const wholeRun = 15_000;
/** Without motion: so long on each moment at which something happens. */
const stillTime = 700;

export class TimePlayer extends LitElement {
  static override properties = {
    run: {attribute: false},
    other: {attribute: false},
    cursor: {type: Number},
    zone: {},
    playing: {state: true},
    speed: {state: true},
  };
  static override styles = [
    base,
    css`
      :host {
        display: block;
        padding: 6px 8px;
        border-top: 1px solid var(--line);
        background: var(--panel);
      }
      input[type='range'] {
        flex: 1 1 8rem;
        min-width: 6rem;
        padding: 0;
        accent-color: var(--accent);
      }
      output {
        font-variant-numeric: tabular-nums;
        min-width: 9rem;
      }
      .play {
        min-width: 5rem;
      }
    `,
  ];

  declare run: Run;
  /** Shown beside it, and played to its end too. */
  declare other: Run | null;
  declare cursor: number;
  declare zone: string;
  declare playing: boolean;
  declare speed: number;

  constructor() {
    super();
    this.other = null;
    this.playing = false;
    this.speed = 1;
  }

  #frame = 0;
  #timer = 0;

  get #end() {
    return Math.max(this.run.makespan, this.other?.makespan ?? 0);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop();
  }

  override updated(changed: PropertyValues<this>) {
    if (changed.has('run') && this.playing && this.cursor >= this.#end) this.#stop();
  }

  override render() {
    const {run, cursor} = this;
    return html`<div class="row" role="group" aria-label="Player">
      <button type="button" class="play primary" @click=${this.toggle}>
        ${this.playing ? 'Pause' : 'Play'}
      </button>
      <button type="button" aria-label="Step back" @click=${() => this.step(-1)}>|◀</button>
      <button type="button" aria-label="Step forward" @click=${() => this.step(1)}>▶|</button>
      <input
        type="range"
        min="0"
        max=${this.#end}
        step="any"
        .value=${String(cursor)}
        aria-label="Time"
        aria-valuetext=${duration(cursor)}
        @input=${(event: Event) => this.#move(Number((event.target as HTMLInputElement).value))}
      />
      <output title=${clock(run.start + cursor, this.zone)}
        >${duration(cursor)} of ${duration(this.#end)}</output
      >
      <label
        >Speed
        <select
          @change=${(event: Event) =>
            (this.speed = Number((event.target as HTMLSelectElement).value))}
        >
          ${speeds.map(
            (speed) =>
              html`<option value=${speed} ?selected=${speed === this.speed}>${speed}×</option>`,
          )}
        </select>
      </label>
    </div>`;
  }

  toggle = () => {
    if (this.playing) return this.#stop();
    if (this.cursor >= this.#end) this.#move(0);
    this.playing = true;
    matchMedia('(prefers-reduced-motion: reduce)').matches ? this.#playStill() : this.#play();
  };

  step(direction: 1 | -1) {
    this.#stop();
    this.#move(this.#next(direction));
  }

  #next(direction: 1 | -1) {
    const moments = [...this.run.moments, ...(this.other?.moments ?? [])].sort((a, b) => a - b);
    if (direction > 0) return moments.find((time) => time > this.cursor) ?? this.#end;
    return moments.findLast((time) => time < this.cursor) ?? 0;
  }

  #play() {
    let before = performance.now();
    const tick = (now: number) => {
      const passed = ((now - before) / wholeRun) * this.speed * this.#end;
      before = now;
      this.#move(Math.min(this.cursor + passed, this.#end));
      if (this.cursor >= this.#end) return this.#stop();
      this.#frame = requestAnimationFrame(tick);
    };
    this.#frame = requestAnimationFrame(tick);
  }

  #playStill() {
    this.#timer = window.setInterval(() => {
      this.#move(this.#next(1));
      if (this.cursor >= this.#end) this.#stop();
    }, stillTime / this.speed);
  }

  #stop() {
    cancelAnimationFrame(this.#frame);
    clearInterval(this.#timer);
    this.playing = false;
  }

  #move(time: number) {
    this.cursor = time;
    this.dispatchEvent(new CustomEvent('move', {detail: time}));
  }
}
customElements.define('time-player', TimePlayer);
