// What people try out is written into the scenario document, so that it can be read, undone, shared
// and given to `lockstep simulate --scenario`.
import {applyEdits, modify, type JSONPath} from 'jsonc-parser';

import {readJson} from './json.js';

export interface TaskOf {
  spec: string;
  /** The database; without it all of the spec's. */
  target?: string;
}
export type WhatIf = 'fail' | 'skip' | 'longer';

interface Entry {
  spec?: string;
  target?: string;
  at?: string;
  skip?: unknown[];
}

const options = {
  formattingOptions: {insertSpaces: true, tabSize: 2, eol: '\n'},
  isArrayInsertion: false,
};

/** A text in which there is no place for it stays as it is: findings say why. */
function set(text: string, path: JSONPath, value: unknown) {
  try {
    return applyEdits(text, modify(text, path, value, options));
  } catch {
    return text;
  }
}

/** The last one that was read: while a rollout plays, nobody changes it. */
let last: {text: string; scenario: Record<string, any>} | null = null;

function read(text: string): Record<string, any> {
  if (last?.text === text) return last.scenario;
  const value = readJson(text);
  const scenario = value && typeof value === 'object' && !Array.isArray(value) ? value : {};
  last = {text, scenario};
  return scenario;
}

const isOf = (entry: Entry | undefined, task: TaskOf) =>
  entry?.spec === task.spec && entry?.target === task.target;
const lists = {fail: 'failures', longer: 'delays', skip: 'commands'} as const;

/** What an entry of that list is about; of several tasks at once, the page knows nothing. */
const subject = (what: WhatIf, entry: Entry | undefined) =>
  what === 'skip' ? (entry?.skip?.length === 1 ? (entry.skip[0] as Entry) : undefined) : entry;

function where(text: string, what: WhatIf, is: (entry: Entry | undefined) => boolean): number[] {
  const list = read(text)[lists[what]];
  return Array.isArray(list) ? list.flatMap((entry, place) => (is(entry) ? [place] : [])) : [];
}
const places = (text: string, what: WhatIf, task: TaskOf) =>
  where(text, what, (entry) => isOf(subject(what, entry), task));

/** From the last on: places before it stay where they are. */
const without = (text: string, what: WhatIf, there: number[]) =>
  there.reduceRight((rest, place) => set(rest, [lists[what], place], undefined), text);

export const isSet = (text: string | undefined, what: WhatIf, task: TaskOf) =>
  text !== undefined && places(text, what, task).length > 0;

/** Sets it, or takes it back. */
export function toggle(text: string, what: WhatIf, task: TaskOf, by: string): string {
  const there = places(text, what, task);
  if (there.length > 0) return without(text, what, there);
  const entry = {
    fail: {...task},
    longer: {...task, by},
    skip: {at: '0s', skip: [task]},
  }[what];
  const list = read(text)[lists[what]];
  const place = Array.isArray(list) ? list.length : 0;
  return set(
    text,
    Array.isArray(list) ? [lists[what], place] : [lists[what]],
    Array.isArray(list) ? entry : [entry],
  );
}

export interface Settings {
  parallel: number | null;
  start: string | null;
  duration: string;
  deadline: string;
}

const isTime = (value: unknown): value is string =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value));

/** Percentiles and samples are shown as they are written. */
const lengthText = (length: unknown) =>
  typeof length === 'object' && length ? JSON.stringify(length) : String(length ?? '');

export function settings(text: string | undefined): Settings {
  const scenario = text === undefined ? {} : read(text);
  const {durations} = scenario;
  return {
    parallel: Number(scenario.parallel) || null,
    start: isTime(scenario.start) ? scenario.start : null,
    duration: lengthText(durations?.default),
    deadline: lengthText(scenario.deadline),
  };
}

export const setParallel = (text: string, value: number | null) =>
  set(text, ['parallel'], value ?? undefined);
export const setStart = (text: string, value: string | null) =>
  set(text, ['start'], value ?? undefined);
/** Whoever writes [1m, 2m] is told so by the core, and keeps what is written. */
function asWritten(value: string): unknown {
  try {
    return /^[[{]/.test(value) ? JSON.parse(value) : value;
  } catch {
    return value;
  }
}
export const setDuration = (text: string, value: string) =>
  set(text, ['durations', 'default'], value === '' ? undefined : asWritten(value));
/** In place of those that were assumed: `learnt` is a scenario that has durations. */
export const setDurations = (text: string, learnt: string) =>
  set(text, ['durations'], read(learnt).durations);
export const setDeadline = (text: string, value: string) =>
  set(text, ['deadline'], value === '' ? undefined : value);

const fields = {fail: ['spec', 'target'], longer: ['spec', 'target', 'by'], skip: ['at', 'skip']};
const hasOnly = (entry: object, names: string[]) =>
  Object.keys(entry).every((name) => names.includes(name));

/** Whether the page's buttons write such an entry: one that says anything more is somebody's own. */
function isWhatIf(what: WhatIf, entry: Entry | undefined) {
  const of = subject(what, entry);
  if (typeof of?.spec !== 'string' || !hasOnly(entry!, fields[what])) return false;
  return what !== 'skip' || (entry!.at === '0s' && hasOnly(of, fields.fail));
}
const kinds = Object.keys(lists) as WhatIf[];
const whatIfs = (text: string, what: WhatIf) => where(text, what, (entry) => isWhatIf(what, entry));

export const hasWhatIf = (text: string | undefined) =>
  text !== undefined && kinds.some((what) => whatIfs(text, what).length > 0);

/** Takes them back. Locks, outages and whatever else somebody wrote stay. */
export const clearWhatIf = (text: string) =>
  kinds.reduce((rest, what) => {
    const there = whatIfs(rest, what);
    return there.length > 0 && there.length === read(rest)[lists[what]].length
      ? set(rest, [lists[what]], undefined)
      : without(rest, what, there);
  }, text);
