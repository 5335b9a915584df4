import './app.js';
import {serverMeta} from './server.js';

// For reloads without a network. Not while developing, when files change all the time; and not
// where a server says in this very page that it is one.
if (import.meta.env.PROD && 'serviceWorker' in navigator && location.protocol.startsWith('http')) {
  const {serviceWorker} = navigator;
  if (!serverMeta()) void serviceWorker.register('./service-worker.js').catch(() => {});
  else void serviceWorker.getRegistration().then((kept) => kept?.unregister());
}
