// Misfit: whether events can be of a plan. They name a project, stages and tasks by number; the core
// refuses numbers that the plan does not have. What is left to compare is compared here.
import type {RolloutEvent, RolloutState} from '@lockstep/core';

import {lastPart} from './workspace.js';

const projectOf = (name: string) => /^projects\/([^/]+)\//.exec(name)?.[1];

/** Names of the plan, of its sheets, and of its groups have it. */
const projectsIn = (plan: string) =>
  new Set(Array.from(plan.matchAll(/"projects\/([^/"]+)\//g), ([, project]) => project));

/** What differs; null when nothing does. `run` is what the events make of the plan's tasks. */
export function misfit(
  plan: string,
  events: readonly RolloutEvent[],
  run: RolloutState,
): string | null {
  const project = projectOf(run.rollout);
  const projects = projectsIn(plan);
  // "-": nobody named one.
  if (project && project !== '-' && projects.size > 0 && !projects.has(project)) {
    return `they are of the project "${project}", the plan is of "${[...projects].join('", "')}"`;
  }
  const ended = new Set(
    events.flatMap(({type, stage}) => (type === 'stage_ended' ? [lastPart(stage as string)] : [])),
  );
  const all = events.at(-1)?.type === 'rollout_ended';
  // Nothing ends before every task in it has had its turn.
  const missing = run.tasks.findIndex(
    ({status, stage}) => status === 'NOT_STARTED' && (all || ended.has(lastPart(stage))),
  );
  if (missing < 0) return null;
  const {spec, database, stage} = run.tasks[missing];
  const what = all ? 'the rollout' : `stage ${lastPart(stage)}`;
  return `${what} ended without task ${missing + 1} (spec ${spec} on ${database || 'a new database'})`;
}
