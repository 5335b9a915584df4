// The other side of worker-node.js.

import {parentPort} from 'node:worker_threads';

import {wasmFile} from './node.js';
import {serve} from './worker-transport.js';

serve(wasmFile, {
  addEventListener: (type, listener) => parentPort.on(type, (data) => listener({data})),
  postMessage: (value, transfer) => parentPort.postMessage(value, transfer),
});
