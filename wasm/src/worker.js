// In a worker: long work does not hold up the page.

import {Lockstep} from './client.js';
import {WorkerTransport} from './worker-transport.js';

export {LockstepError} from './client.js';

export const load = ({worker, ...options} = {}) =>
  WorkerTransport.connect(
    () =>
      worker?.() ?? new Worker(new URL('./worker-script.js', import.meta.url), {type: 'module'}),
    options,
  ).then((transport) => new Lockstep(transport));
