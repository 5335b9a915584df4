// <rollout-preview>: a plan as the rollout it becomes, in any page. One script, nothing to fetch but
// what `src` and the like name. Until it has drawn, and whenever it cannot, the page shows what stands
// inside the element.
//
//   <rollout-preview src="plan.json" inventory="inventory.json" view="lanes">
//     <img src="plan.svg" alt="…">
//   </rollout-preview>
//
// In pages that are opened from a file, which may fetch nothing, the documents stand inside it:
//   <script type="application/json" data-kind="plan">…</script>
import {load} from '@lockstep/core/inline';
import type {Lockstep, RenderRequest} from '@lockstep/core';

import {openedAt} from '../opened-at.js';
import {parseDrawing, withoutStyle} from '../views/drawing.js';

type View = 'lanes' | 'graph' | 'table';
type Kind = 'plan' | 'inventory' | 'scenario' | 'events';

const views: View[] = ['lanes', 'graph', 'table'];
const kinds: Kind[] = ['plan', 'inventory', 'scenario', 'events'];
const titles = {lanes: 'Lanes', graph: 'Graph', table: 'Table'};

const look = new CSSStyleSheet();
look.replaceSync(`
  :host { display: block; font: 14px/1.45 system-ui, sans-serif; color: light-dark(#1f2328, #e6edf3); }
  nav { display: flex; gap: 2px; margin-bottom: 4px; }
  nav button { font: inherit; color: inherit; background: none; border: 0; border-bottom: 2px solid transparent; padding: 4px 10px; cursor: pointer; }
  nav button[aria-pressed='true'] { border-color: light-dark(#0860c4, #6cb2ff); font-weight: 600; }
  :focus-visible { outline: 2px solid light-dark(#0860c4, #6cb2ff); outline-offset: -2px; }
  .paper { overflow: auto; max-height: var(--rollout-preview-height, 32rem); }
  .note { margin: 4px 0; font-size: 13px; color: light-dark(#59636e, #9ca6b1); }
  .error { color: light-dark(#bd2029, #ff8a82); }
  table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
  th, td { text-align: left; vertical-align: top; padding: 4px 10px; border-bottom: 1px solid light-dark(#d1d9e0, #3d444d); }
  .number { text-align: right; }
  @media print { nav { display: none; } .paper { max-height: none; overflow: visible; } }
`);

let core: Promise<Lockstep> | null = null;

/** What the page says of itself, in the ways of the common site generators; else the reader's. */
function pageTheme(): string {
  const {dataset} = document.documentElement;
  const named =
    dataset.theme ??
    dataset.bsTheme ??
    document.body?.dataset.mdColorScheme ??
    (document.documentElement.classList.contains('dark') ? 'dark' : '');
  if (/dark|slate/.test(named)) return 'dark';
  return named ? 'light' : '';
}

class RolloutPreview extends HTMLElement {
  static observedAttributes = ['src', 'inventory', 'scenario', 'events', 'view', 'theme'];

  #root = this.attachShadow({mode: 'open'});
  #documents: Partial<Record<Kind, string>> = {};
  #view: View = 'lanes';
  #width = 0;
  #round = 0;
  #theme = new MutationObserver(() => this.#showTheme());
  #resize = new ResizeObserver(() => {
    const width = this.clientWidth;
    if (Math.abs(width - this.#width) < 8 || !this.#documents.plan) return;
    void this.#draw();
  });

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [look];
    this.#root.append(document.createElement('slot'));
  }

  connectedCallback() {
    const watched = {
      attributes: true,
      attributeFilter: ['data-theme', 'data-bs-theme', 'data-md-color-scheme', 'class'],
    };
    this.#theme.observe(document.documentElement, watched);
    if (document.body) this.#theme.observe(document.body, watched);
    this.#resize.observe(this);
    this.#showTheme();
    // What stands inside may not have been parsed yet.
    if (document.readyState === 'loading') {
      document.addEventListener('DOMContentLoaded', () => void this.#load(), {once: true});
    } else {
      void this.#load();
    }
  }

  disconnectedCallback() {
    this.#theme.disconnect();
    this.#resize.disconnect();
  }

  attributeChangedCallback(name: string) {
    if (!this.isConnected) return;
    if (name === 'theme') this.#showTheme();
    else if (name === 'view') void this.#choose(this.getAttribute('view') as View);
    else void this.#load();
  }

  #showTheme() {
    const theme = this.getAttribute('theme') ?? pageTheme();
    this.style.colorScheme = theme === 'auto' || theme === '' ? '' : theme;
  }

  async #load() {
    const round = ++this.#round;
    this.#documents = {};
    const view = this.getAttribute('view') as View;
    if (views.includes(view)) this.#view = view;
    try {
      const documents: Partial<Record<Kind, string>> = {};
      for (const script of this.querySelectorAll<HTMLScriptElement>(
        'script[type="application/json"]',
      )) {
        documents[(script.dataset.kind ?? 'plan') as Kind] = script.textContent ?? '';
      }
      await Promise.all(
        kinds.map(async (kind) => {
          const url = this.getAttribute(kind === 'plan' ? 'src' : kind);
          if (url) documents[kind] = await fetchText(url);
        }),
      );
      if (round !== this.#round) return;
      if (documents.plan === undefined)
        throw new Error('no plan: give it a src, or a script of type application/json');
      this.#documents = documents;
      await this.#draw();
    } catch (error) {
      if (round === this.#round) this.#fail((error as Error).message);
    }
  }

  async #draw() {
    if (this.#documents.plan === undefined) return; // still loading, or not to be had
    const round = ++this.#round;
    this.#width = this.clientWidth;
    core ??= load();
    const {plan = '', inventory, scenario, events} = this.#documents;
    const request: RenderRequest = {
      plan,
      inventory,
      scenario,
      events,
      options: {now: openedAt},
      drawing: {
        view: this.#view === 'graph' ? 'graph' : 'lanes',
        width: Math.min(Math.max(Math.floor(this.#width), 280), 4000),
        format: this.#view === 'table' ? 'html' : 'svg',
      },
    };
    const {drawing, diagnostics, error} = await (await core).render(request);
    if (round !== this.#round) return;
    if (!drawing) {
      const first = diagnostics.find(({severity}) => severity === 'error');
      return this.#fail(
        error?.message ??
          (first
            ? `${first.file}:${first.range.start.line + 1}: ${first.message}`
            : 'nothing to draw'),
      );
    }
    this.#show(drawing);
  }

  #show(drawing: string) {
    const paper = document.createElement('div');
    paper.className = 'paper';
    paper.tabIndex = 0;
    paper.setAttribute('role', 'group');
    paper.setAttribute('aria-label', `Rollout, ${titles[this.#view]}`);
    if (this.#view === 'table') {
      const page = new DOMParser().parseFromString(withoutStyle(drawing).rest, 'text/html');
      const caption = page.querySelector('main > p')!;
      caption.className = 'note';
      paper.append(
        document.importNode(caption, true),
        document.importNode(page.querySelector('table')!, true),
      );
    } else {
      const {svg, style} = parseDrawing(drawing);
      this.#root.adoptedStyleSheets = [style, look];
      paper.append(svg);
    }
    this.#root.replaceChildren(this.#choice(), paper);
    this.toggleAttribute('drawn', true);
  }

  #choice() {
    const nav = document.createElement('nav');
    nav.setAttribute('aria-label', 'Views of the rollout');
    for (const view of views) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = titles[view];
      button.setAttribute('aria-pressed', String(view === this.#view));
      button.onclick = async () => {
        await this.#choose(view);
        this.#root
          .querySelector<HTMLElement>(`nav button:nth-child(${views.indexOf(view) + 1})`)
          ?.focus();
      };
      nav.append(button);
    }
    return nav;
  }

  #choose(view: View) {
    if (views.includes(view)) this.#view = view;
    return this.#draw();
  }

  /** What stands inside is shown again, and why. */
  #fail(message: string) {
    const note = document.createElement('p');
    note.className = 'note error';
    note.setAttribute('role', 'status');
    note.textContent = `The rollout cannot be drawn: ${message}`;
    this.#root.replaceChildren(document.createElement('slot'), note);
    this.toggleAttribute('drawn', false);
  }
}

async function fetchText(url: string) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}

if (!customElements.get('rollout-preview'))
  customElements.define('rollout-preview', RolloutPreview);
