// Wall clocks of time zones, as <input type="datetime-local"> has them.

/** "2026-11-28T14:05:00": what a clock in that zone shows. */
export function inZone(time: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  // Years before 1000 have four digits there, too.
  return format.format(time).replace(' ', 'T').padStart(19, '0');
}

/**
 * The first time at which a clock in that zone shows it, as RFC 3339; null when it cannot be written
 * so: a year may be any while somebody types it.
 */
export function fromZone(local: string, timeZone: string): string | null {
  const wanted = Date.parse(`${local}Z`);
  if (Number.isNaN(wanted)) return null;
  let time = wanted;
  // Twice, since the offset may be another one there (daylight saving).
  for (let round = 0; round < 2; ++round) time += wanted - Date.parse(`${inZone(time, timeZone)}Z`);
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
