// In Node: modules are read, not fetched.

import {readFile} from 'node:fs/promises';

import {wasmUrl} from './index.js';
import {loadHere} from './load.js';

export {LockstepError} from './client.js';

export const wasmFile = (name, kernel) => readFile(wasmUrl(name, kernel));

export const load = (options) => loadHere(wasmFile, options);
