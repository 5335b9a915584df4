// History: what each task was when, as the events of its rollout tell it. A timeline has the last
// attempt alone.
import type {RolloutEvent} from '@lockstep/core';

import {lastPart} from './workspace.js';

export interface Change {
  /** Milliseconds from the first event on. */
  readonly at: number;
  readonly status: string;
}
/** By the index of a task, in order of time. */
export type History = Readonly<Record<number, readonly Change[]>>;

const outcomes: Record<string, string> = {
  succeeded: 'DONE',
  failed: 'FAILED',
  canceled: 'CANCELED',
  lost: 'IN_DOUBT',
};

/** Null: as before. */
function statusAfter({type, attempt, outcome, resolution}: RolloutEvent): string | null {
  switch (type) {
    case 'task_run_created':
      // The first is there long before its turn: until then a task counts as not started.
      return attempt === 1 ? null : 'PENDING';
    case 'task_run_started':
      return 'RUNNING';
    case 'task_run_ended':
      return outcomes[outcome as string];
    case 'task_run_resolved':
      return resolution === 'committed' ? 'DONE' : 'FAILED';
    case 'task_skipped':
      return 'SKIPPED';
    default:
      return null;
  }
}

const histories = new WeakMap<readonly RolloutEvent[], History>();

export function historyOf(events: readonly RolloutEvent[]): History {
  let history = histories.get(events);
  if (!history) histories.set(events, (history = read(events)));
  return history;
}

function read(events: readonly RolloutEvent[]): History {
  const history: Record<number, Change[]> = {};
  for (const event of events) {
    const status = statusAfter(event);
    if (status === null) continue;
    const at = Date.parse(event.at) - Date.parse(events[0].at);
    (history[Number(lastPart(event.task as string)) - 1] ??= []).push({at, status});
  }
  return history;
}

/** Those that were read last: a run may be long, and a plan is edited beside it. */
let last: {text: string; events: RolloutEvent[]} = {text: '', events: []};

/** Of NDJSON. A last line that is cut off is left out, as the core does. */
export function eventsOf(text: string): readonly RolloutEvent[] {
  if (last.text !== text) last = {text, events: text.split('\n').flatMap(eventOf)};
  return last.events;
}
function eventOf(line: string): RolloutEvent[] {
  try {
    return [JSON.parse(line) as RolloutEvent];
  } catch {
    return [];
  }
}
