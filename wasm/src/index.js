// In a browser: the modules lie beside this file. Written out, so that bundlers see them.

import {loadHere} from './load.js';

export {LockstepError} from './client.js';

const urls = {
  lockstep: {
    simd: () => new URL('./lockstep.wasm', import.meta.url),
    scalar: () => new URL('./lockstep-scalar.wasm', import.meta.url),
  },
  more: {
    simd: () => new URL('./lockstep-more.wasm', import.meta.url),
    scalar: () => new URL('./lockstep-more-scalar.wasm', import.meta.url),
  },
};

export const wasmUrl = (name, kernel) => urls[name][kernel]();

export const load = (options) => loadHere(wasmUrl, options);
