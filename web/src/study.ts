// Study: what the core says of a rollout beside its schedule. Many simulations take a while, so they
// have a worker of their own: whoever types meanwhile does not wait for them.
import {load} from '@lockstep/core/worker';
import type {Lockstep, StudyAnswer, StudyRequest} from '@lockstep/core';

import {request} from './analysis.js';
import type {Workspace} from './workspace.js';

let core: Promise<Lockstep> | null = null;

/** A newer question takes the place of those before it. */
export async function studyOf(
  workspace: Workspace,
  options: StudyRequest['options'],
): Promise<StudyAnswer> {
  core ??= load().catch((error) => {
    core = null;
    throw error;
  });
  const documents = request(workspace);
  const all = {...documents, options: {...documents.options, ...options}};
  return (await core).study(all, {channel: 'study'});
}

/** So many simulations of a rollout are answered within about two seconds. */
export const mostRuns = (tasks: number) =>
  Math.min(Math.max(Math.floor(400_000 / Math.max(tasks, 1)), 10), 100_000);
