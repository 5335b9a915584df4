// How <rollout-pane> looks.
import {css} from 'lit';

export const rolloutPaneStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    min-width: 0;
    overflow: auto;
  }
  .head {
    padding: 6px 12px 0;
  }
  .summary {
    min-height: 24px;
  }
  .tally {
    font-variant-numeric: tabular-nums;
    padding: 2px 12px;
    background: var(--panel);
  }
  .views {
    border-bottom: 1px solid var(--line);
    padding: 0 8px;
  }
  .drawings {
    flex: 1 1 240px;
    min-height: 200px;
    display: flex;
    flex-direction: column;
    min-width: 0;
  }
  .drawings > section {
    flex: 1;
    min-height: 160px;
    display: flex;
    flex-direction: column;
    min-width: 0;
  }
  .drawings h3 {
    padding: 4px 12px;
  }
  rollout-drawing,
  lanes-canvas,
  task-table {
    flex: 1;
    min-height: 0;
  }
  .stale {
    opacity: 0.55;
  }
  .note {
    margin: 0;
    padding: 6px 12px;
    background: light-dark(#fff8c5, #3a2f0b);
  }
  task-panel {
    flex: 0 1 auto;
    max-height: 42%;
    min-height: 120px;
  }
  .empty {
    padding: 24px;
    max-width: 36rem;
  }
  @media (max-width: 800px) {
    .drawings {
      flex: none;
      height: 60vh;
    }
    task-panel {
      max-height: none;
    }
  }
`;
