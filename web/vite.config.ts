// The plan editor: a folder of static files for any host, at any path.
import {defineConfig, type Plugin} from 'vite';

/** Lists what was built for the service worker, which keeps it for reloads without a network. */
const offline: Plugin = {
  name: 'offline',
  apply: 'build',
  generateBundle(_, bundle) {
    const files = [
      './',
      './icon.svg',
      ...Object.keys(bundle)
        .filter((name) => !name.endsWith('.html'))
        .map((name) => `./${name}`),
    ];
    const scalar = /lockstep-scalar/; // for browsers that few have; fetched when it is needed
    const list = files.filter((name) => !scalar.test(name));
    const source = `const version = ${JSON.stringify(String(hash(list.join())))};
const files = ${JSON.stringify(list)};
addEventListener('install', (event) => {
  event.waitUntil(caches.open(version).then((cache) => cache.addAll(files)).then(() => skipWaiting()));
});
addEventListener('activate', (event) => {
  event.waitUntil(caches.keys().then((keys) => Promise.all(keys.filter((key) => key !== version).map((key) => caches.delete(key)))).then(() => clients.claim()));
});
const kept = (wanted) => caches.open(version).then((cache) => cache.match(wanted));
addEventListener('fetch', (event) => {
  const {request} = event;
  if (request.method !== 'GET' || new URL(request.url).pathname.startsWith('/v1/')) return;
  if (request.headers.get('Accept') === 'text/event-stream') return;
  // The page itself from the network first: whoever serves it now may be another one.
  event.respondWith(
    request.mode === 'navigate'
      ? fetch(request).catch(async (error) => (await kept('./')) ?? Promise.reject(error))
      : kept(request).then((found) => found ?? fetch(request)));
});
`;
    this.emitFile({type: 'asset', fileName: 'service-worker.js', source});
  },
};

function hash(text: string) {
  let value = 0;
  for (const character of text) value = (value * 31 + character.codePointAt(0)!) >>> 0;
  return value;
}

export default defineConfig({
  base: './',
  worker: {format: 'es'},
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: {polyfill: false},
    outDir: 'dist',
    chunkSizeWarningLimit: 1000,
  },
  plugins: [offline],
});
