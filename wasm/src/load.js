// What all entries have in common: from modules to an API.

import createModule from './lockstep.mjs';
import {Lockstep} from './client.js';
import {Engine} from './engine.js';
import {bestKernel, compile} from './module.js';

/** Methods of the second module (OccasionalMethods of core/api): nobody waits for it who asks none. */
const occasional = new Set(['study', 'diff', 'convert', 'import', 'rules']);

class Engines {
  #editing;
  #more = null;
  #loadMore;

  constructor(editing, loadMore) {
    this.#editing = editing;
    this.#loadMore = loadMore;
  }

  async call(method, parts) {
    if (!occasional.has(method)) return this.#editing.call(method, parts);
    this.#more ??= this.#loadMore().catch((error) => {
      this.#more = null; // asked for again the next time
      throw error;
    });
    return (await this.#more).call(method, parts);
  }

  /** Bytes of memory that the module of the editing methods holds. It never gives any back. */
  get memorySize() {
    return this.#editing.memorySize;
  }
}

/**
 * @param defaultSource (name, kernel) => where that module is, when nobody says: 'lockstep', or
 *   'more' for the second one.
 * @returns {Promise<{call(method, parts): Promise<Uint8Array[]>, memorySize: number}>}
 */
export async function loadEngine(defaultSource, {wasm, more, kernel = bestKernel()} = {}) {
  const engine = async (name, given) =>
    new Engine(createModule, await compile(given ?? defaultSource(name, kernel)));
  return new Engines(await engine('lockstep', wasm), () => engine('more', more));
}

/** The same in this thread, as people use it. */
export async function loadHere(defaultSource, options) {
  const engine = await loadEngine(defaultSource, options);
  return new Lockstep({call: (method, parts) => engine.call(method, parts), close: () => {}});
}
