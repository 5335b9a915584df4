// Times as people read them, in their own language.

export function duration(milliseconds: number): string {
  const ms = Math.round(milliseconds);
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${Math.floor(ms / 100) / 10} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  const seconds = Math.floor(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

export const zones = () => ['UTC', ...Intl.supportedValuesOf('timeZone')];
export const localZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export const clock = (time: number, timeZone: string) =>
  new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'medium', timeZone}).format(
    time,
  );

export const count = (number: number, noun: string) =>
  `${new Intl.NumberFormat().format(number)} ${noun}${number === 1 ? '' : 's'}`;
