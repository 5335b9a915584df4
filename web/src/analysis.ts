// Analysis: what the core says about a workspace. One question at a time of each kind; a newer one
// takes the place of those that wait.
import type {
  CallOptions,
  Diagnostic,
  Lockstep,
  Outline,
  RenderRequest,
  ReplayAnswer,
  RolloutState,
  RolloutStatus,
  SimulateRequest,
  Timeline,
} from '@lockstep/core';

import {eventsOf, historyOf, type History} from './history.js';
import {misfit} from './misfit.js';
import {openedAt} from './opened-at.js';
import {Run} from './run.js';
import {same} from './same.js';
import {emptyWorkspace, find, inputs, type Workspace} from './workspace.js';

export interface Analysis {
  readonly diagnostics: readonly Diagnostic[];
  /** Of the last plan that could be read. */
  readonly outline: Outline | null;
  /** Of the last plan that could be simulated. */
  readonly simulated: Run | null;
  /** Which documents that was made of. */
  readonly source: Workspace;
  /** Whether that is an older plan than the one that is written now. */
  readonly stale: boolean;
  readonly undisturbed: {status: RolloutStatus; makespan: number} | null;
  readonly real: Run | null;
  /** Why the events are no run of this plan. */
  readonly realError: string | null;
}

export const nothing: Analysis = {
  diagnostics: [],
  outline: null,
  simulated: null,
  source: emptyWorkspace,
  stale: false,
  undisturbed: null,
  real: null,
  realError: null,
};

export const superseded = (error: unknown) =>
  error instanceof DOMException && error.name === 'AbortError';

export const request = (workspace: Workspace) => ({
  ...inputs(workspace),
  options: {now: openedAt},
});

/** What a person waits for while typing: findings and the schedule. */
export async function analyse(
  core: Lockstep,
  workspace: Workspace,
  before: Analysis,
): Promise<Analysis> {
  const documents = request(workspace);
  const {events} = workspace;
  const [schedule, replayed] = await Promise.all([
    core.timeline(documents, {channel: 'timeline'}),
    events === null ? null : core.replay({...documents, events}, {channel: 'replay'}),
  ]);
  const {timeline, diagnostics, undisturbed} = schedule;
  const history = timeline ? await simulatedHistory(core, documents, timeline) : {};
  return {
    diagnostics,
    outline: before.outline,
    simulated: timeline ? runLike(before.simulated, timeline, null, history) : before.simulated,
    source: timeline ? workspace : before.source,
    stale: timeline === null,
    undisturbed: timeline ? undisturbed : before.undisturbed,
    ...realOf(replayed, workspace, before.real),
  };
}

/** The first document that has errors. */
export const wrongDocument = ({diagnostics}: Analysis) =>
  diagnostics.find(({severity}) => severity === 'error')?.file;

function realOf(
  replayed: ReplayAnswer | null,
  workspace: Workspace,
  before: Run | null,
): Pick<Analysis, 'real' | 'realError'> {
  if (!replayed?.timeline) return {real: null, realError: replayed?.error?.message ?? null};
  const {timeline, status} = replayed;
  const events = eventsOf(workspace.events!);
  const realError = misfit(find(workspace, 'plan')!.text, events, status!);
  const real = realError ? null : runLike(before, timeline, status, historyOf(events));
  return {real, realError};
}

/** Of tasks that run twice, or are skipped or cancelled, a timeline does not tell the times. */
async function simulatedHistory(
  core: Lockstep,
  documents: SimulateRequest,
  {tasks, statuses}: Timeline,
): Promise<History> {
  const more = (status: number, task: number) =>
    tasks.attempts[task] > 1 || ['SKIPPED', 'CANCELED'].includes(statuses[status]);
  if (!tasks.status.some(more)) return {};
  return historyOf((await core.simulate(documents, {channel: 'history'})).events);
}

/** Most keys change no schedule: then it stays the same object, and nobody draws it again. */
const runLike = (
  before: Run | null,
  timeline: Timeline,
  state: RolloutState | null,
  history: History,
) =>
  before &&
  same(before.timeline, timeline) &&
  same(before.state, state) &&
  same(before.history, history)
    ? before
    : new Run(timeline, state, history);

/** Null when the plan cannot be read. */
export const outlineOf = async (core: Lockstep, workspace: Workspace) =>
  (await core.outline(request(workspace), {channel: 'outline'})).outline;

type Spec = Outline['steps'][number]['specs'][number];
const specs = new WeakMap<Outline, Spec[]>();

/** In the order of the plan. */
export function specsOf({outline}: Analysis): readonly Spec[] {
  if (!outline) return [];
  let list = specs.get(outline);
  if (!list) specs.set(outline, (list = outline.steps.flatMap((step) => step.specs)));
  return list;
}

/** Of the real run, when the workspace has its events; null when the plan has errors. */
export async function drawingOf(
  core: Lockstep,
  workspace: Workspace,
  drawing: RenderRequest['drawing'],
  options: CallOptions = {},
): Promise<string | null> {
  // A run without any event yet: an empty text would be none, and a simulation drawn.
  const events = workspace.events === '' ? '\n' : (workspace.events ?? undefined);
  return (await core.render({...request(workspace), events, drawing}, options)).drawing;
}

/** So long nobody has typed, before what can wait is done. */
export const pause = 150;
