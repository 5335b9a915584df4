// Workspace: the documents of a plan, as text. Immutable: a change makes another one.
import type {Fix, Position} from '@lockstep/core';

export type Kind = 'plan' | 'inventory' | 'scenario' | 'sheet';

export interface Doc {
  readonly kind: Kind;
  /** Unique. Of a sheet: what the plan calls it, or the last part of that. */
  readonly name: string;
  readonly text: string;
}

/** What a client wrote, as `lockstep rollout export` has it: the first and the last bytes. */
export interface Output {
  readonly taskRun: string;
  readonly stream: 'stdout' | 'stderr';
  readonly head: string;
  readonly tail: string;
  readonly dropped: number;
}

export interface Workspace {
  readonly docs: readonly Doc[];
  /** Of a real run: NDJSON, as `lockstep events` prints it. */
  readonly events: string | null;
  /** Of that run, where they are known. */
  readonly outputs?: readonly Output[];
}

export interface AttemptOutput {
  attempt: number;
  text: string;
}

/** What a task's clients wrote, the last attempt first. Those that wrote nothing are left out. */
export function outputsOf({outputs = []}: Workspace, task: string): AttemptOutput[] {
  const runs = outputs.filter(({taskRun}) => taskRun.startsWith(`${task}/taskRuns/`));
  return [...Map.groupBy(runs, ({taskRun}) => Number(lastPart(taskRun)))]
    .map(([attempt, streams]) => ({
      attempt,
      text: streams
        .map(
          ({head, tail, dropped}) =>
            head + (dropped ? `\n… ${dropped} bytes not kept …\n` : '') + tail,
        )
        .filter(Boolean)
        .join('\n'),
    }))
    .filter(({text}) => text)
    .sort((a, b) => b.attempt - a.attempt);
}

export const emptyPlan = `{
  "title": "",
  "steps": []
}
`;

const order: Kind[] = ['plan', 'inventory', 'scenario', 'sheet'];
const names = {plan: 'plan.json', inventory: 'inventory.json', scenario: 'scenario.json'};
const emptyTexts = {
  plan: emptyPlan,
  inventory: '{\n  "environments": [],\n  "instances": []\n}\n',
  scenario: '{\n  "durations": {}\n}\n',
  sheet: '',
};

export const emptyWorkspace: Workspace = {
  docs: [{kind: 'plan', name: names.plan, text: emptyPlan}],
  events: null,
};

export const find = (workspace: Workspace, kind: Kind) =>
  workspace.docs.find((doc) => doc.kind === kind);

/** "741" of "projects/p/sheets/741". */
export const lastPart = (name: string) => name.slice(name.lastIndexOf('/') + 1);

/** A sheet by its full name or its last part. */
export function findSheet(workspace: Workspace, name: string) {
  const sheets = workspace.docs.filter((doc) => doc.kind === 'sheet');
  return (
    sheets.find((doc) => doc.name === name) ??
    sheets.find((doc) => lastPart(doc.name) === lastPart(name))
  );
}

/** By the name that findings have. */
export const findDoc = (workspace: Workspace, file: string) =>
  workspace.docs.find(({name}) => name === file) ?? findSheet(workspace, file);

/**
 * Takes the place of the document of that kind (of a sheet: of that name), or is added. Its lines end
 * with LF, as in the editor; its name is its own.
 */
export function put(workspace: Workspace, given: Doc): Workspace {
  const same = (other: Doc) =>
    other.kind === given.kind && (given.kind !== 'sheet' || other.name === given.name);
  const taken = (name: string) =>
    workspace.docs.some((other) => !same(other) && other.name === name);
  const {kind} = given;
  const own = kind === 'sheet' ? `${given.name} (sheet)` : names[kind];
  const doc = {
    kind,
    name: taken(given.name) ? own : given.name,
    text: given.text.replace(/\r\n?/g, '\n'),
  };
  const docs = workspace.docs.some(same)
    ? workspace.docs.map((other) => (same(other) ? doc : other))
    : [...workspace.docs, doc];
  docs.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return {...workspace, docs};
}

/** There is always one to write in. */
export const withPlan = (workspace: Workspace) =>
  find(workspace, 'plan') ? workspace : put(workspace, emptyDoc('plan'));

export const remove = (workspace: Workspace, name: string): Workspace => ({
  ...workspace,
  docs: workspace.docs.filter((doc) => doc.name !== name || doc.kind === 'plan'),
});

export const setText = (workspace: Workspace, name: string, text: string): Workspace => ({
  ...workspace,
  docs: workspace.docs.map((doc) => (doc.name === name ? {...doc, text} : doc)),
});

export const emptyDoc = (kind: Kind, name?: string): Doc => ({
  kind,
  name: name ?? (kind === 'sheet' ? '1' : names[kind]),
  text: emptyTexts[kind],
});

/** What a request to the core takes. */
export function inputs({docs}: Workspace) {
  const text = (kind: Kind) => docs.find((doc) => doc.kind === kind)?.text;
  const name = (kind: Kind) => docs.find((doc) => doc.kind === kind)?.name;
  const sheets = docs.filter((doc) => doc.kind === 'sheet');
  return {
    plan: text('plan') ?? '',
    planName: name('plan'),
    inventory: text('inventory'),
    inventoryName: name('inventory'),
    scenario: text('scenario'),
    scenarioName: name('scenario'),
    // Without any sheet, rules about them are silent: somebody may look at a plan alone.
    sheets: sheets.length
      ? Object.fromEntries(sheets.map((doc) => [doc.name, doc.text]))
      : undefined,
  };
}

function offsetOf(text: string, {line, character}: Position) {
  let start = 0;
  for (let number = 0; number < line; ++number) {
    const end = text.slice(start).search(/\r\n|\r|\n/);
    if (end < 0) return text.length;
    start += end + (text.startsWith('\r\n', start + end) ? 2 : 1);
  }
  return Math.min(start + character, text.length);
}

/** A fix may change several documents. */
export function applyFix(workspace: Workspace, {edits}: Fix): Workspace {
  // From the last on: places before an edit stay where they are.
  const ordered = [...edits].sort((a, b) => b.span.begin - a.span.begin);
  return ordered.reduce((rest, {file, range, newText}) => {
    const doc = rest.docs.find(({name}) => name === file);
    if (!doc) return rest;
    const from = offsetOf(doc.text, range.start);
    const to = offsetOf(doc.text, range.end);
    return setText(rest, file, doc.text.slice(0, from) + newText + doc.text.slice(to));
  }, workspace);
}
