// Study: what the core says of a rollout beside its schedule. Many simulations take a while, so they
// have a worker of their own: whoever types meanwhile does not wait for them.
import {load} from '@lockstep/core/worker';
import type {CompareAnswer, LearnAnswer, Lockstep, StudyAnswer, StudyRequest} from '@lockstep/core';

import {request} from './analysis.js';
import type {Workspace} from './workspace.js';

let core: Promise<Lockstep> | null = null;

const worker = () =>
  (core ??= load().catch((error) => {
    core = null;
    throw error;
  }));

/** A newer question takes the place of those before it. */
const options = {channel: 'study'};

export async function studyOf(
  workspace: Workspace,
  asked: StudyRequest['options'],
): Promise<StudyAnswer> {
  const documents = request(workspace);
  const all = {...documents, options: {...documents.options, ...asked}};
  return (await worker()).study(all, options);
}

/** What differs on Bytebase's own server, in words; null when the plan has errors. */
export const semanticsOf = async (workspace: Workspace): Promise<string | null> =>
  (await (await worker()).semantics(request(workspace), options)).text;

const withEvents = (workspace: Workspace) => ({
  ...request(workspace),
  events: workspace.events ?? '',
});

/** The real run beside the simulated one. */
export const comparisonOf = async (workspace: Workspace): Promise<CompareAnswer> =>
  (await worker()).compare(withEvents(workspace), options);

/** What the real run says about durations. */
export const learnFrom = async (workspace: Workspace): Promise<LearnAnswer> =>
  (await worker()).learn(withEvents(workspace));

/** What the records of a table say about durations. */
export const learnFromTable = async (
  workspace: Workspace,
  table: string[][],
): Promise<LearnAnswer> => (await worker()).learn({...request(workspace), table});

/** So many simulations of a rollout are answered within about two seconds. */
export const mostRuns = (tasks: number) =>
  Math.min(Math.max(Math.floor(400_000 / Math.max(tasks, 1)), 10), 100_000);
