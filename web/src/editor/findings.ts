// The core's findings as CodeMirror's: squiggles, related places, quick fixes.
import type {Diagnostic, Fix} from '@lockstep/core';
import type {Diagnostic as Squiggle} from '@codemirror/lint';
import type {EditorView} from '@codemirror/view';

import {span} from './positions.js';

export interface Handlers {
  jump: (file: string, range: Diagnostic['range']) => void;
  fix: (fix: Fix) => void;
}

export function squiggle(view: EditorView, finding: Diagnostic, handlers: Handlers): Squiggle {
  const {doc} = view.state;
  const {from, to} = span(doc, finding.range);
  return {
    from,
    // An empty range is a place between two characters, and would not be seen.
    to: to > from ? to : Math.min(from + 1, doc.length),
    severity: finding.severity,
    source: `${finding.code} ${finding.slug}`,
    message: finding.message,
    renderMessage: () => message(finding, handlers),
    actions: finding.fixes.map((fix) => ({name: fix.title, apply: () => handlers.fix(fix)})),
  };
}

function message(finding: Diagnostic, handlers: Handlers) {
  const box = document.createElement('div');
  box.append(finding.message);
  for (const place of finding.related) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'related';
    button.textContent = `${place.file}:${place.range.start.line + 1} ${place.message}`;
    button.onclick = () => handlers.jump(place.file, place.range);
    box.append(button);
  }
  return box;
}
