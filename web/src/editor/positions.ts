// Places as the core gives them (lines and UTF-16 characters from 0) and as CodeMirror counts.
import type {Position, Range} from '@lockstep/core';
import type {Text} from '@codemirror/state';

/** Clamped: an answer may be about an older text. */
export function offset(doc: Text, {line, character}: Position) {
  if (line >= doc.lines) return doc.length;
  const {from, length} = doc.line(line + 1);
  return from + Math.min(character, length);
}

export const span = (doc: Text, {start, end}: Range) => ({
  from: offset(doc, start),
  to: offset(doc, end),
});
