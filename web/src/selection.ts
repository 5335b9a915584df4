// Selection: one task, and where it is in every document.
import type {Range} from '@lockstep/core';

import {specsOf, type Analysis} from './analysis.js';
import {find, findSheet, type Workspace} from './workspace.js';

export interface Place {
  file: string;
  range: Range;
}

export interface Selection {
  /** The index of a spec, or -1. */
  spec: number;
  /** Where it is written. */
  place: Place | null;
}

/** What is shown and selected is the real run's, where there is one. */
export const runOf = (analysis: Analysis) => analysis.real ?? analysis.simulated;

export function selectionOf(analysis: Analysis, workspace: Workspace, task: number): Selection {
  const index = runOf(analysis)?.timeline.tasks.spec[task] ?? -1;
  const spec = specsOf(analysis)[index];
  const file = find(workspace, 'plan')!.name;
  return {spec: index, place: spec ? {file, range: spec.range} : null};
}

/** Where a task of a real run failed in its sheet; null when that is not known, or not open. */
export function failureOf(analysis: Analysis, workspace: Workspace, task: number): Place | null {
  const error = analysis.real?.error(task);
  const spec = specsOf(analysis)[analysis.real?.timeline.tasks.spec[task] ?? -1];
  const sheet = spec && findSheet(workspace, spec.sheet);
  if (!error || error.line < 1 || !sheet) return null;
  const at = {line: error.line - 1, character: Math.max(error.column - 1, 0)};
  return {file: sheet.name, range: {start: at, end: at}};
}
