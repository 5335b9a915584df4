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
  return format.format(time).replace(' ', 'T');
}

/** The first time at which a clock in that zone shows it, as RFC 3339. */
export function fromZone(local: string, timeZone: string): string {
  const wanted = Date.parse(`${local}Z`);
  let time = wanted;
  // Twice, since the offset may be another one there (daylight saving).
  for (let round = 0; round < 2; ++round) time += wanted - Date.parse(`${inZone(time, timeZone)}Z`);
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
