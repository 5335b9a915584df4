import './app.js';

// For reloads without a network. Not while developing, when files change all the time.
if (import.meta.env.PROD && 'serviceWorker' in navigator && location.protocol.startsWith('http')) {
  void navigator.serviceWorker.register('./service-worker.js').catch(() => {});
}
