// <lanes-canvas>: lanes of more tasks than SVG can move at 60 frames a second. The same lanes as the
// core draws, from the same columns; draws only what is on the screen.
import {css, html, LitElement, type PropertyValues} from 'lit';

import {duration} from '../format.js';
import type {Run} from '../run.js';
import {base} from '../styles.js';
import {paletteOf, type Palette} from './lanes-palette.js';

const rowHeight = 18;
const laneGap = 4;
const axisHeight = 24;
const labelWidth = 150;

export class LanesCanvas extends LitElement {
  static override properties = {
    run: {attribute: false},
    selected: {type: Number},
    cursor: {type: Number},
    label: {},
  };
  static override styles = [
    base,
    css`
      :host {
        display: block;
        position: relative;
        overflow: hidden;
        min-height: 200px;
        touch-action: none;
      }
      :host(:focus-visible) {
        outline: 2px solid var(--accent);
        outline-offset: -2px;
      }
      canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
    `,
  ];

  declare run: Run;
  declare selected: number;
  declare cursor: number;
  declare label: string;

  #scale = 0; // pixels a millisecond
  #x = 0; // milliseconds at the left border of the times
  #y = 0; // pixels above the screen
  #tops = new Float64Array();
  #height = 0;
  /** Tasks of each lane that ran, by start. */
  #lanes: Int32Array[] = [];
  #frame = 0;
  #resize = new ResizeObserver(() => this.#fit());
  #theme = new MutationObserver(() => this.redraw());
  #drag: {x: number; y: number; moved: boolean} | null = null;

  override render() {
    return html`<canvas aria-hidden="true"></canvas>`;
  }

  override connectedCallback() {
    super.connectedCallback();
    this.tabIndex = 0;
    this.setAttribute('role', 'group');
    this.#resize.observe(this);
    this.addEventListener('wheel', this.#wheel, {passive: false});
    this.addEventListener('pointerdown', this.#down);
    this.addEventListener('pointermove', this.#move);
    this.addEventListener('pointerup', this.#up);
    this.addEventListener('pointercancel', this.#up);
    this.addEventListener('keydown', this.#key);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', this.redraw);
    this.#theme.observe(document.documentElement, {attributeFilter: ['data-theme']});
  }
  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#resize.disconnect();
    matchMedia('(prefers-color-scheme: dark)').removeEventListener('change', this.redraw);
    this.#theme.disconnect();
  }

  override updated(changed: PropertyValues<this>) {
    if (changed.has('label')) this.setAttribute('aria-label', this.label);
    if (changed.has('run')) this.#index();
    if (changed.has('selected')) this.#revealSelected();
    this.redraw();
  }

  #index() {
    const {lanes, tasks} = this.run.timeline;
    const lists: number[][] = lanes.labels.map(() => []);
    tasks.start.forEach((start, task) => start >= 0 && lists[lanes.lane[task]].push(task));
    this.#lanes = lists.map((list) =>
      Int32Array.from(list.sort((a, b) => tasks.start[a] - tasks.start[b])),
    );
    this.#tops = new Float64Array(lanes.labels.length);
    let y = 0;
    lanes.rows.forEach((rows, lane) => {
      this.#tops[lane] = y;
      y += rows * rowHeight + laneGap;
    });
    this.#height = y;
    this.#fit();
  }

  get #width() {
    return Math.max(this.clientWidth - labelWidth - 8, 50);
  }
  get #fitScale() {
    return this.#width / Math.max(this.run.makespan, 1);
  }

  #fit() {
    if (!this.run) return;
    if (this.#scale < this.#fitScale) this.#scale = this.#fitScale;
    this.#clamp();
    this.redraw();
  }

  #clamp() {
    this.#scale = Math.min(Math.max(this.#scale, this.#fitScale), 10);
    const seen = this.#width / this.#scale;
    this.#x = Math.min(Math.max(this.#x, 0), Math.max(this.run.makespan - seen, 0));
    const room = this.clientHeight - axisHeight;
    this.#y = Math.min(Math.max(this.#y, 0), Math.max(this.#height - room, 0));
  }

  zoom(factor: number, at = labelWidth + this.#width / 2) {
    const time = this.#x + (at - labelWidth) / this.#scale;
    this.#scale *= factor;
    this.#clamp();
    this.#x = time - (at - labelWidth) / this.#scale;
    this.#clamp();
    this.redraw();
  }

  pan(dx: number, dy: number) {
    this.#x += dx / this.#scale;
    this.#y += dy;
    this.#clamp();
    this.redraw();
  }

  redraw = () => {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  };

  #draw() {
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas || !this.run) return;
    const ratio = devicePixelRatio;
    const width = this.clientWidth;
    const height = this.clientHeight;
    if (
      canvas.width !== Math.round(width * ratio) ||
      canvas.height !== Math.round(height * ratio)
    ) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const pen = canvas.getContext('2d')!;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const colours = paletteOf(this);
    pen.fillStyle = colours.paper;
    pen.fillRect(0, 0, width, height);
    pen.font = '12px system-ui, sans-serif';
    pen.textBaseline = 'middle';
    this.#drawAxis(pen, colours, height);
    this.#drawBars(pen, colours, width, height);
    this.#drawLabels(pen, colours, height);
    const x = this.#screenX(this.cursor);
    if (x >= labelWidth) {
      pen.fillStyle = colours.cursor;
      pen.fillRect(x - 0.75, 14, 1.5, height);
    }
  }

  #screenX(time: number) {
    return labelWidth + (time - this.#x) * this.#scale;
  }

  #drawAxis(pen: CanvasRenderingContext2D, colours: Palette, height: number) {
    const least = 90 / this.#scale;
    const steps = [
      1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5,
      18e5, 36e5, 72e5, 108e5, 216e5, 432e5, 864e5,
    ];
    const step = steps.find((value) => value >= least) ?? Math.ceil(least / 864e5) * 864e5;
    const last = Math.min(this.run.makespan, this.#x + this.#width / this.#scale);
    for (let time = Math.ceil(this.#x / step) * step; time <= last; time += step) {
      const x = this.#screenX(time);
      pen.fillStyle = colours.line;
      pen.fillRect(x, 18, 1, height);
      pen.fillStyle = colours.faint;
      pen.fillText(duration(time), x + 3, 10);
    }
  }

  #seenLanes(height: number) {
    let first = 0;
    while (first + 1 < this.#tops.length && this.#tops[first + 1] <= this.#y) ++first;
    let last = first;
    while (last + 1 < this.#tops.length && this.#tops[last + 1] < this.#y + height - axisHeight)
      ++last;
    return {first, last};
  }

  #laneTop(lane: number) {
    return axisHeight + this.#tops[lane] - this.#y;
  }

  #drawBars(pen: CanvasRenderingContext2D, colours: Palette, width: number, height: number) {
    const {run, cursor, selected} = this;
    const {tasks, statuses, lanes} = run.timeline;
    const {first, last} = this.#seenLanes(height);
    const until = this.#x + (width - labelWidth) / this.#scale;
    pen.save();
    pen.beginPath();
    pen.rect(labelWidth, axisHeight, width, height);
    pen.clip();
    // What went well is drawn first, so that nothing that did not can hide below it.
    const late: [string, number, number, number][] = [];
    for (let lane = first; lane <= last && lane < this.#lanes.length; ++lane) {
      const list = this.#lanes[lane];
      const top = this.#laneTop(lane);
      let lastX = -1;
      for (const task of list) {
        const start = tasks.start[task];
        if (start > until) break;
        const end = run.ended(task);
        if (end < this.#x) continue;
        const x = this.#screenX(start);
        const w = Math.max((end - start) * this.#scale - 1, 1.5);
        const y = top + lanes.row[task] * rowHeight;
        const final = statuses[tasks.status[task]];
        const status = cursor < start ? 'NOT_STARTED' : cursor < end ? 'RUNNING' : final;
        if (status === 'DONE' || status === 'NOT_STARTED') {
          if (w <= 2 && x - lastX < 1 && run.timeline.lanes.rows[lane] === 1) continue; // the same pixel
          lastX = x;
          pen.fillStyle = colours[status];
          pen.fillRect(x, y, w, rowHeight - 2);
        } else {
          late.push([status, x, y, w]);
        }
        if (w > 46) {
          pen.fillStyle = colours.ink;
          pen.save();
          pen.beginPath();
          pen.rect(x, y, w, rowHeight);
          pen.clip();
          pen.fillText(`${task + 1} ${run.specLabel(task)}`, x + 4, y + rowHeight / 2);
          pen.restore();
        }
        if (task === selected || run.isCritical(task)) {
          pen.strokeStyle = task === selected ? colours.selected : colours.critical;
          pen.lineWidth = task === selected ? 2.5 : 1.5;
          pen.strokeRect(x + 0.5, y + 0.5, w - 1, rowHeight - 3);
        }
      }
    }
    for (const [status, x, y, w] of late) {
      pen.fillStyle = colours[status] ?? colours.FAILED;
      pen.fillRect(x, y, w, rowHeight - 2);
      if (status === 'FAILED' && w > 8) {
        pen.fillStyle = colours.ink;
        pen.fillText('×', x + 1, y + rowHeight / 2 - 1);
      }
    }
    pen.restore();
  }

  #drawLabels(pen: CanvasRenderingContext2D, colours: Palette, height: number) {
    const {first, last} = this.#seenLanes(height);
    pen.fillStyle = colours.paper;
    pen.fillRect(0, axisHeight, labelWidth - 4, height);
    pen.save();
    pen.beginPath();
    pen.rect(0, axisHeight, labelWidth - 6, height);
    pen.clip();
    pen.fillStyle = colours.ink;
    for (let lane = first; lane <= last && lane < this.#lanes.length; ++lane) {
      pen.fillText(this.run.timeline.lanes.labels[lane], 6, this.#laneTop(lane) + rowHeight / 2);
    }
    pen.restore();
  }

  /** Binary search in the lane by time. */
  #taskAt(x: number, y: number): number | null {
    const {tasks, lanes} = this.run.timeline;
    const at = y - axisHeight + this.#y;
    let lane = this.#tops.length - 1;
    while (lane >= 0 && this.#tops[lane] > at) --lane;
    if (lane < 0 || x < labelWidth) return null;
    const row = Math.floor((at - this.#tops[lane]) / rowHeight);
    const time = this.#x + (x - labelWidth) / this.#scale;
    const list = this.#lanes[lane];
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (tasks.start[list[middle]] <= time) low = middle + 1;
      else high = middle;
    }
    for (let place = low - 1; place >= 0 && place >= low - 64; --place) {
      const task = list[place];
      if (lanes.row[task] === row && time <= this.run.ended(task) + 3 / this.#scale) return task;
    }
    return null;
  }

  #revealSelected() {
    const {selected, run} = this;
    if (!run || selected < 0 || selected >= run.size) return;
    const top = this.#tops[run.lane(selected)];
    const room = this.clientHeight - axisHeight - rowHeight;
    if (top < this.#y || top > this.#y + room) this.#y = top - room / 2;
    const start = run.started(selected);
    const seen = this.#width / this.#scale;
    if (start >= 0 && (start < this.#x || start > this.#x + seen)) this.#x = start - seen / 2;
    this.#clamp();
  }

  #wheel = (event: WheelEvent) => {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) {
      this.zoom(Math.exp(-event.deltaY / 200), event.clientX - this.getBoundingClientRect().left);
    } else {
      this.pan(event.deltaX, event.deltaY);
    }
  };
  #down = (event: PointerEvent) => {
    this.#drag = {x: event.clientX, y: event.clientY, moved: false};
    this.setPointerCapture(event.pointerId);
  };
  #move = (event: PointerEvent) => {
    if (!this.#drag) return;
    const dx = event.clientX - this.#drag.x;
    const dy = event.clientY - this.#drag.y;
    if (!this.#drag.moved && Math.hypot(dx, dy) < 4) return;
    this.pan(-dx, -dy);
    this.#drag = {x: event.clientX, y: event.clientY, moved: true};
  };
  #up = (event: PointerEvent) => {
    const drag = this.#drag;
    this.#drag = null;
    if (!drag || drag.moved || event.type === 'pointercancel') return;
    const box = this.getBoundingClientRect();
    const task = this.#taskAt(event.clientX - box.left, event.clientY - box.top);
    if (task !== null) this.dispatchEvent(new CustomEvent('select-task', {detail: task}));
  };
  #key = (event: KeyboardEvent) => {
    const act = {
      '+': () => this.zoom(1.4),
      '=': () => this.zoom(1.4),
      '-': () => this.zoom(1 / 1.4),
      '0': () => this.zoom(0),
      PageDown: () => this.pan(0, this.clientHeight - axisHeight),
      PageUp: () => this.pan(0, axisHeight - this.clientHeight),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
}
customElements.define('lanes-canvas', LanesCanvas);
