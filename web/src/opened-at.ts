/** The hour in which the page was opened: for rules about the past and starts without a time. */
export const openedAt = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000).toISOString();
