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

// Formats are slow to make, and quick to use.
const numbers = new Intl.NumberFormat();
const clocks = new Map<string, Intl.DateTimeFormat>();

export function clock(time: number, timeZone: string) {
  let format = clocks.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat(undefined, {
      dateStyle: 'medium',
      timeStyle: 'medium',
      timeZone,
    });
    clocks.set(timeZone, format);
  }
  return format.format(time);
}

export const count = (number: number, noun: string) =>
  `${numbers.format(number)} ${noun}${number === 1 ? '' : 's'}`;
