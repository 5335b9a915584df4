import type {LoadOptions, Lockstep} from './index.js';

export * from './index.js';

export interface WorkerOptions extends Pick<LoadOptions, 'kernel'> {
  wasm?: string | URL | BufferSource | WebAssembly.Module;
  more?: string | URL | BufferSource | WebAssembly.Module;
  /** In a browser: makes the worker, from `@lockstep/core/worker-script`, when it lies elsewhere. */
  worker?: () => Worker;
}

/** The same API, answered by a worker. */
export function load(options?: WorkerOptions): Promise<Lockstep>;
