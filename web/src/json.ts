// JSON as people write it: with comments, with commas too many, and not yet whole.
import {createScanner, parse} from 'jsonc-parser';

/** The core reads nothing that is nested deeper, and has a finding for it. */
const deepest = 1000;

/** Those who read JSON by calling themselves run out of stack there. */
export function isTooDeep(text: string): boolean {
  const scanner = createScanner(text, true);
  let depth = 0;
  do {
    scanner.scan();
    const first = text[scanner.getTokenOffset()];
    if (first === '{' || first === '[') ++depth;
    if (first === '}' || first === ']') --depth;
    if (depth > deepest) return true;
  } while (scanner.getPosition() < text.length);
  return false;
}

/** As far as it can be read. */
export const readJson = (text: string): unknown =>
  isTooDeep(text) ? undefined : parse(text, [], {allowTrailingComma: true});
