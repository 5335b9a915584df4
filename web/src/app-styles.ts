// How <lockstep-app> looks: two panes side by side, or one at a time where there is room for one.
import {css} from 'lit';

export const appStyles = css`
  :host {
    display: grid;
    height: 100%;
    grid-template: auto auto minmax(0, 1fr) / var(--columns, minmax(0, 45fr) 6px minmax(0, 55fr));
  }
  main {
    display: contents;
  }
  page-header {
    grid-column: 1 / -1;
  }
  .notices {
    grid-row: 2;
    grid-column: 1 / -1;
  }
  .notice {
    margin: 0;
    padding: 6px 12px;
    background: light-dark(#fff8c5, #3a2f0b);
    display: flex;
    gap: 12px;
    align-items: center;
  }
  documents-pane,
  pane-splitter,
  rollout-pane,
  .place {
    grid-row: 3;
  }
  .sides {
    display: none;
    grid-column: 1 / -1;
    border-bottom: 1px solid var(--line);
    padding: 0 8px;
  }
  .drop {
    position: fixed;
    inset: 12px;
    z-index: 10;
    display: grid;
    place-items: center;
    pointer-events: none;
    font-size: 20px;
    border: 3px dashed var(--accent);
    border-radius: 12px;
    background: color-mix(in srgb, var(--paper) 88%, transparent);
  }
  @media (max-width: 800px) {
    :host {
      grid-template: auto auto auto minmax(0, 1fr) / minmax(0, 1fr);
    }
    .sides {
      display: block;
      grid-row: 2;
    }
    .notices {
      grid-row: 3;
    }
    documents-pane,
    rollout-pane,
    .place {
      grid-row: 4;
      grid-column: 1;
    }
    :host([side='documents']) rollout-pane,
    :host([side='rollout']) documents-pane,
    pane-splitter {
      display: none;
    }
  }
  @media print {
    :host {
      display: block;
      height: auto;
    }
    page-header,
    .sides,
    .notices,
    documents-pane,
    pane-splitter,
    print-paper[full] ~ main,
    share-dialog {
      display: none !important;
    }
    rollout-pane {
      display: block !important;
    }
  }
`;
