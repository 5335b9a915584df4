// In Node: the module is read, not fetched.

import {readFile} from 'node:fs/promises';

import {wasmUrl} from './index.js';
import {loadHere} from './load.js';

export {LockstepError} from './client.js';

export const wasmFile = (kernel) => readFile(wasmUrl(kernel));

export const load = (options) => loadHere(wasmFile, options);
