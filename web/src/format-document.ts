// Formatting of JSON with comments. What is written is kept, but for its white space.
import {applyEdits, format, type FormattingOptions} from 'jsonc-parser';

import {isTooDeep} from './json.js';

const options: FormattingOptions = {
  insertSpaces: true,
  tabSize: 2,
  eol: '\n',
  insertFinalNewline: true,
};

/** What is nested too deep stays as it is: it would be nearly all white space. */
export const formatDocument = (text: string) =>
  isTooDeep(text) ? text : applyEdits(text, format(text, undefined, options));
