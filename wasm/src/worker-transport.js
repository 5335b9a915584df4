// Messages between a page and its worker. One is under way at a time: the client sees to that.

import {LockstepError} from './client.js';
import {loadEngine} from './load.js';

const buffers = (parts) => [
  ...new Set(parts.filter(ArrayBuffer.isView).map((part) => part.buffer)),
];

const sendable = (source) => (source instanceof URL ? source.href : source);

export class WorkerTransport {
  #start;
  #options;
  #worker = null;
  #answered = null;

  constructor(start, {wasm, more, ...options} = {}) {
    this.#start = start;
    this.#options = {...options, wasm: sendable(wasm), more: sendable(more)};
  }

  /** Resolves once the worker has its module. */
  static async connect(start, options) {
    const transport = new WorkerTransport(start, options);
    try {
      await transport.#open();
    } catch (error) {
      transport.close();
      throw error;
    }
    return transport;
  }

  async call(method, parts, transfer) {
    if (!this.#worker) await this.#open();
    return this.#ask({method, parts}, transfer ? buffers(parts) : []);
  }

  close() {
    this.#worker?.terminate();
    this.#worker = null;
  }

  #open() {
    const worker = (this.#worker = this.#start());
    worker.addEventListener('message', ({data}) => this.#answered?.resolve(data));
    // It is gone, or never came: whoever waits hears of it, the next call starts another.
    worker.addEventListener('error', (event) => {
      if (this.#worker === worker) this.close();
      event.preventDefault?.();
      this.#answered?.reject(new LockstepError(`the worker failed: ${event.message ?? event}`));
    });
    return this.#ask({options: this.#options}, []);
  }

  async #ask(message, transfer) {
    const answer = new Promise((resolve, reject) => (this.#answered = {resolve, reject}));
    this.#worker.postMessage(message, transfer);
    const {parts, error} = await answer;
    if (error) throw new LockstepError(error);
    return parts;
  }
}

/** The worker's side: the first message brings the options, the others are calls. */
export function serve(defaultSource, port) {
  let engine = null;
  port.addEventListener('message', async ({data}) => {
    try {
      engine ??= await loadEngine(defaultSource, data.options);
      const parts = data.method ? await engine.call(data.method, data.parts) : [];
      port.postMessage({parts}, buffers(parts));
    } catch (error) {
      port.postMessage({error: error.message}, []);
    }
  });
}
