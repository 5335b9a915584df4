// Run: a timeline's columns with the questions that views ask of them. Simulated or real, it is the
// same.
import type {RolloutState, Timeline, TaskError} from '@lockstep/core';

import {clock} from './format.js';
import type {History} from './history.js';

/** What to show of a task at a time: a status of the core's, or that it has not come to its turn. */
export interface Moment {
  status: string;
  /** Why it does not run yet. */
  why: string;
}

export interface WaitText {
  from: number;
  to: number;
  text: string;
}

export class Run {
  constructor(
    readonly timeline: Timeline,
    readonly state: RolloutState | null = null,
    /** Where a timeline does not say it all. */
    readonly history: History = {},
  ) {}

  get size() {
    return this.timeline.tasks.start.length;
  }
  get makespan() {
    return this.timeline.makespan;
  }
  get start() {
    return Date.parse(this.timeline.start);
  }

  #critical: Set<number> | null = null;
  isCritical(task: number) {
    return (this.#critical ??= new Set(this.timeline.criticalPath)).has(task);
  }

  name(task: number) {
    return `task ${task + 1}`;
  }
  spec(task: number) {
    return this.timeline.specs[this.timeline.tasks.spec[task]];
  }
  specLabel(task: number) {
    return this.timeline.specLabels[this.timeline.tasks.spec[task]];
  }
  database(task: number) {
    const database = this.timeline.tasks.database[task];
    return database < 0 ? '' : this.timeline.databases[database];
  }
  lane(task: number) {
    return this.timeline.lanes.lane[task];
  }
  laneLabel(task: number) {
    return this.timeline.lanes.labels[this.lane(task)];
  }
  stage(task: number) {
    const number = this.timeline.tasks.stage[task];
    return this.timeline.stages[number].title || `stage ${number + 1}`;
  }
  finalStatus(task: number) {
    return this.timeline.tasks.blocked[task]
      ? 'BLOCKED'
      : this.timeline.statuses[this.timeline.tasks.status[task]];
  }
  started(task: number) {
    return this.timeline.tasks.start[task];
  }
  /** Of a run that goes on: the end of what is known. */
  ended(task: number) {
    const {start, end} = this.timeline.tasks;
    return start[task] >= 0 && end[task] < 0 ? this.makespan : end[task];
  }
  error(task: number): TaskError | null {
    return this.state?.tasks[task].error ?? null;
  }

  at(task: number, time: number, zone: string): Moment {
    const status = this.statusAt(task, time);
    if (status === 'NOT_STARTED') {
      const wait = this.waits(task, zone).find(({from, to}) => from <= time && time < to);
      if (wait) return {status, why: wait.text};
    }
    const never = this.started(task) < 0;
    return {status, why: never ? this.#waitsFor(task, status === 'BLOCKED') : ''};
  }

  statusAt(task: number, time: number): string {
    const changes = this.history[task];
    const before = changes?.findLast(({at}) => at <= time)?.status ?? 'NOT_STARTED';
    if (changes && time < changes.at(-1)!.at) return before;
    const start = this.started(task);
    if (time < (start < 0 ? this.settled(task) : start)) return before;
    return start >= 0 && time < this.ended(task) ? 'RUNNING' : this.finalStatus(task);
  }

  /** Of a task that never starts: since when it is what it is in the end. */
  settled(task: number): number {
    const {blocked, waitingBy} = this.timeline.tasks;
    const by = waitingBy[task];
    if (blocked[task]) return by < 0 ? 0 : (this.history[by]?.at(-1)!.at ?? this.ended(by));
    return this.history[task]?.at(-1)!.at ?? 0;
  }

  /** What a task waits for that never runs. */
  stillWaits(task: number) {
    return this.#waitsFor(task, this.timeline.tasks.blocked[task] === 1);
  }
  #waitsFor(task: number, blocked: boolean) {
    const {waiting, waitingBy} = this.timeline.tasks;
    return waiting[task] === 0 ? '' : this.#text(waiting[task], waitingBy[task], blocked);
  }

  /** In order of time; times of day as clocks in `zone` show them. */
  waits(task: number, zone: string): WaitText[] {
    const {task: of, cause, by, from, to} = this.timeline.waits;
    const texts: WaitText[] = [];
    for (let row = lowerBound(of, task); row < of.length && of[row] === task; ++row) {
      if (to[row] === from[row]) continue;
      texts.push({
        from: from[row],
        to: to[row],
        text: this.#text(cause[row], by[row], false, to[row], zone),
      });
    }
    return texts;
  }

  #text(cause: number, by: number, blocked: boolean, until = NaN, zone = 'UTC') {
    const {causeTexts, causeTextsAlone, blockedText} = this.timeline;
    const text = blocked ? blockedText : by >= 0 ? causeTexts[cause] : causeTextsAlone[cause];
    const stage = by >= 0 ? this.timeline.tasks.stage[by] + 1 : 0;
    const time = Number.isNaN(until) ? '' : clock(this.start + until, zone);
    return text
      .replace('{task}', this.name(by))
      .replace('{stage}', String(stage))
      .replace('{time}', time);
  }

  #groups: Map<number, number[]> | null = null;
  #tasksOf(group: number) {
    if (!this.#groups) {
      this.#groups = new Map();
      this.timeline.tasks.group.forEach((of, task) => {
        const tasks = this.#groups!.get(of);
        tasks ? tasks.push(task) : this.#groups!.set(of, [task]);
      });
    }
    return this.#groups.get(group) ?? [];
  }

  /** Tasks that this one's spec depends on, and those that depend on it. */
  related(task: number) {
    const {group, on} = this.timeline.dependencies;
    const own = this.timeline.tasks.group[task];
    const before: number[] = [];
    const after: number[] = [];
    for (let edge = 0; edge < group.length; ++edge) {
      if (group[edge] === own) before.push(...this.#tasksOf(on[edge]));
      if (on[edge] === own) after.push(...this.#tasksOf(group[edge]));
    }
    return {before, after};
  }

  tasksOfSpec(spec: number) {
    const tasks: number[] = [];
    this.timeline.tasks.spec.forEach((of, task) => of === spec && tasks.push(task));
    return tasks;
  }

  /** Times at which something changes, ascending, each once. */
  #moments: Float64Array | null = null;
  get moments() {
    if (!this.#moments) {
      const {start, end} = this.timeline.tasks;
      const changes = Object.values(this.history).flat();
      const times = new Set([0, this.makespan, ...start, ...end, ...changes.map(({at}) => at)]);
      times.delete(-1);
      this.#moments = Float64Array.from(times).sort();
    }
    return this.#moments;
  }

  /** How many tasks are in each status at a time. */
  tally(time: number) {
    const counts = new Map<string, number>();
    for (let task = 0; task < this.size; ++task) {
      const status = this.statusAt(task, time);
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
    return counts;
  }
}

function lowerBound(column: Int32Array, value: number) {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
