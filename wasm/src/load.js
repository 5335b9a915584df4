// What all entries have in common: from a module to an API.

import createModule from './lockstep.mjs';
import {Lockstep} from './client.js';
import {Engine} from './engine.js';
import {bestKernel, compile} from './module.js';

/**
 * @param defaultSource (kernel) => where that kernel's module is, when nobody says.
 * @returns {Promise<Engine>}
 */
export async function loadEngine(defaultSource, {wasm, kernel = bestKernel()} = {}) {
  return new Engine(createModule, await compile(wasm ?? defaultSource(kernel)));
}

/** The same in this thread, as people use it. */
export async function loadHere(defaultSource, options) {
  const engine = await loadEngine(defaultSource, options);
  return new Lockstep({call: (method, parts) => engine.call(method, parts), close: () => {}});
}
