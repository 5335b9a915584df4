// Where an arrow key leads in a drawing: along a lane in time, or to the lane above or below.
import type {Run} from '../run.js';

const place = (run: Run, task: number) => {
  const start = run.started(task);
  return start < 0 ? Infinity : start;
};

export function neighbour(run: Run, task: number, key: string): number | null {
  if (run.size === 0) return null;
  if (task < 0) return key.startsWith('Arrow') ? 0 : null;
  const lane = run.lane(task);
  const at = place(run, task);
  const all = Array.from({length: run.size}, (_, other) => other);
  const inLane = (wanted: number) =>
    all
      .filter((other) => run.lane(other) === wanted)
      .sort((a, b) => place(run, a) - place(run, b) || a - b);
  if (key === 'ArrowRight' || key === 'ArrowLeft') {
    const own = inLane(lane);
    return own[own.indexOf(task) + (key === 'ArrowRight' ? 1 : -1)] ?? null;
  }
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return null;
  const step = key === 'ArrowDown' ? 1 : -1;
  const other = inLane(lane + step);
  if (other.length === 0) return null;
  const distance = (candidate: number) =>
    Math.abs(Math.min(place(run, candidate), 1e15) - Math.min(at, 1e15));
  return other.reduce((best, candidate) =>
    distance(candidate) < distance(best) ? candidate : best,
  );
}
