// The text of a CodeMirror document as one string, made once: it is wanted at every key, and long.
import type {Text} from '@codemirror/state';

const strings = new WeakMap<Text, string>();

export function textOf(doc: Text): string {
  let text = strings.get(doc);
  if (text === undefined) strings.set(doc, (text = doc.toString()));
  return text;
}
