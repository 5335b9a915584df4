// An answer of the core's in its own words: what is too long for a line goes on below its text, not
// below its heading.
import {css, html} from 'lit';

export const answerText = (text: string | null | undefined, old: boolean) =>
  html`<pre class=${old ? 'old' : ''}>
${text
      ?.trimEnd()
      .split('\n')
      .map((line) => html`<span>${line}</span>`)}</pre
  >`;

export const answerTextStyles = css`
  pre {
    flex: 1 1 340px;
    min-width: 0;
    margin: 0;
    font: 12px/1.5 var(--mono);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  pre span {
    display: block;
    padding-left: 11ch;
    text-indent: -11ch;
  }
  .old {
    opacity: 0.55;
  }
`;
