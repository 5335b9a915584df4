// worker.js with Node's threads.

import {Worker} from 'node:worker_threads';

import {Lockstep} from './client.js';
import {WorkerTransport} from './worker-transport.js';

export {LockstepError} from './client.js';

/** A thread with the face of a browser's worker. It keeps the program alive only while it works. */
function startThread() {
  const thread = new Worker(new URL('./worker-script-node.js', import.meta.url));
  thread.on('message', () => thread.unref());
  return {
    addEventListener: (type, listener) =>
      thread.on(type, (value) => listener(type === 'message' ? {data: value} : value)),
    postMessage: (value, transfer) => {
      thread.ref();
      thread.postMessage(value, transfer);
    },
    terminate: () => thread.terminate(),
  };
}

export const load = (options) =>
  WorkerTransport.connect(startThread, options).then((transport) => new Lockstep(transport));
