// Debian's Chromium, and what went wrong in a page.

import {chromium} from 'playwright-core';

export const launch = () =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** Opens the page and waits until it has set `window.outcome`. Its errors are this one's. */
export async function outcomeOf(browser, url, timeout = 120_000) {
  const page = await browser.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.stack ?? String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  try {
    await page.goto(url);
    const handle = await page
      .waitForFunction(() => window.outcome, null, {timeout})
      .catch((error) => {
        throw new Error([...errors, error.message].join('\n'));
      });
    if (errors.length > 0) throw new Error(errors.join('\n'));
    return await handle.jsonValue();
  } finally {
    await page.close();
  }
}
