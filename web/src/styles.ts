// What all elements share: each has its own shadow root, so each adopts this sheet.
import {css} from 'lit';

export const base = css`
  :host {
    box-sizing: border-box;
    font: 14px/1.45 var(--font);
    color: var(--ink);
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  button,
  select,
  input {
    font: inherit;
    color: inherit;
    background: var(--paper);
    border: 1px solid var(--line);
    border-radius: 6px;
    padding: 3px 10px;
    min-height: 30px;
    max-width: 100%;
  }
  button {
    cursor: pointer;
    white-space: nowrap;
  }
  button:hover {
    border-color: var(--faint);
  }
  button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
  }
  button[aria-pressed='true'] {
    background: var(--selected);
    border-color: var(--accent);
  }
  button:disabled {
    opacity: 0.55;
    cursor: default;
  }
  button.plain {
    border-color: transparent;
    background: none;
    padding: 3px 6px;
    text-align: left;
  }
  button.plain:hover {
    background: var(--panel);
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
    border-radius: 4px;
  }
  a {
    color: var(--accent);
  }
  .faint {
    color: var(--faint);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    align-items: center;
  }
  .grow {
    flex: 1;
  }
  .error {
    color: var(--error);
  }
  .warning {
    color: var(--warning);
  }
  .info {
    color: var(--info);
  }
  .good {
    color: var(--good);
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  h2,
  h3 {
    font-size: 14px;
    margin: 0;
  }
  code {
    font: 12px var(--mono);
    overflow-wrap: anywhere;
  }
  @media (forced-colors: active) {
    button[aria-pressed='true'],
    [aria-selected='true'] {
      outline: 2px solid Highlight;
    }
  }
`;
