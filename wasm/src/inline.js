// Without anything to fetch: modules are text, compressed, in scripts beside this one. For pages
// opened from a file, for one-file bundles, for tests.

import {loadHere} from './load.js';

export {LockstepError} from './client.js';

const scripts = {
  lockstep: {
    simd: () => import('./lockstep-inline.js'),
    scalar: () => import('./lockstep-scalar-inline.js'),
  },
  more: {
    simd: () => import('./lockstep-more-inline.js'),
    scalar: () => import('./lockstep-more-scalar-inline.js'),
  },
};

async function unpack(name, kernel) {
  const {base64} = await scripts[name][kernel]();
  const compressed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}

export const load = (options) => loadHere(unpack, options);
