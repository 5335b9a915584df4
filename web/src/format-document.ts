// Formatting of JSON with comments. What is written is kept, but for its white space.
import {applyEdits, format} from 'jsonc-parser';

export const formatDocument = (text: string) =>
  applyEdits(
    text,
    format(text, undefined, {insertSpaces: true, tabSize: 2, eol: '\n', insertFinalNewline: true}),
  );
