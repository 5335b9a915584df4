// Completion and hover from the JSON Schemas, off the page's thread. What is wrong in a document is
// the core's to say, so this service validates nothing.
import {getLocation} from 'jsonc-parser';
import {
  getLanguageService,
  InsertTextFormat,
  TextDocument,
  type JSONSchema,
} from 'vscode-json-languageservice';

import inventory from '@lockstep/core/schemas/inventory.schema.json';
import plan from '@lockstep/core/schemas/plan.schema.json';
import scenario from '@lockstep/core/schemas/scenario.schema.json';
import {isTooDeep} from '../json.js';
import type {Answer, Names, Question} from './language.js';

const schemas: Record<string, unknown> = {plan, inventory, scenario};
const service = getLanguageService({});
service.configure({
  validate: false,
  schemas: Object.entries(schemas).map(([kind, schema]) => ({
    uri: `lockstep:${kind}`,
    fileMatch: [`*.${kind}.json`],
    schema: schema as JSONSchema,
  })),
});

/** Names that a value at this path may have, beside what the schema knows. */
function namesAt(path: (string | number)[], names: Names): string[] {
  const last = path.filter((part) => typeof part === 'string').at(-1);
  switch (last) {
    case 'dependsOnSpecs':
    case 'depends_on_specs':
    case 'spec':
    case 'retry':
    case 'skip':
    case 'cancel':
      return names.specs;
    case 'target':
    case 'targets':
      return names.targets;
    case 'sheet':
      return names.sheets;
    case 'environment':
    case 'environments':
      return names.environments;
    case 'instance':
      return names.instances;
    default:
      return [];
  }
}

async function complete({text, kind, offset, names}: Question): Promise<Answer['options']> {
  const document = TextDocument.create(`file:///x.${kind}.json`, 'json', 1, text);
  const list = await service.doComplete(
    document,
    document.positionAt(offset),
    service.parseJSONDocument(document),
  );
  const location = getLocation(text, offset);
  const known = location.isAtPropertyKey ? [] : namesAt(location.path, names);
  const before = location.previousNode;
  const inside = before && before.offset < offset && offset <= before.offset + before.length;
  const from = inside ? before.offset : offset;
  const to = inside ? before.offset + before.length : offset;
  const options = known.map((name) => ({
    label: name,
    type: 'constant',
    insert: JSON.stringify(name),
    snippet: false,
    info: '',
    from,
    to,
  }));
  for (const item of list?.items ?? []) {
    const edit = item.textEdit;
    if (!edit || !('range' in edit)) continue;
    options.push({
      label: item.label,
      type: location.isAtPropertyKey ? 'property' : 'enum',
      insert: edit.newText,
      snippet: item.insertTextFormat === InsertTextFormat.Snippet,
      info:
        typeof item.documentation === 'string'
          ? item.documentation
          : (item.documentation?.value ?? ''),
      from: document.offsetAt(edit.range.start),
      to: document.offsetAt(edit.range.end),
    });
  }
  return options;
}

async function hover({text, kind, offset}: Question): Promise<Answer['hover']> {
  const document = TextDocument.create(`file:///x.${kind}.json`, 'json', 1, text);
  const found = await service.doHover(
    document,
    document.positionAt(offset),
    service.parseJSONDocument(document),
  );
  if (!found?.range) return null;
  const parts = [found.contents]
    .flat()
    .map((part) => (typeof part === 'string' ? part : part.value));
  return {
    from: document.offsetAt(found.range.start),
    to: document.offsetAt(found.range.end),
    // The service escapes for Markdown, and this is shown as text.
    text: parts
      .join('\n')
      .replace(/\\([\\`*_{}[\]()#+\-.!>&])/g, '$1')
      .replaceAll('&nbsp;', ' '),
  };
}

self.onmessage = async ({data}: MessageEvent<Question>) => {
  const answer: Answer = {id: data.id, options: [], hover: null};
  if (!isTooDeep(data.text)) {
    if (data.what === 'complete') answer.options = await complete(data);
    else answer.hover = await hover(data);
  }
  self.postMessage(answer);
};
