// In a browser: the module lies beside this file. Written out, so that bundlers see it.

import {loadHere} from './load.js';

export {LockstepError} from './client.js';

export const wasmUrl = (kernel) =>
  kernel === 'simd'
    ? new URL('./lockstep.wasm', import.meta.url)
    : new URL('./lockstep-scalar.wasm', import.meta.url);

export const load = (options) => loadHere(wasmUrl, options);
