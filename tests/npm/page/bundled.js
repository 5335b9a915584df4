import {load} from '@lockstep/core';
import {load as loadWorker} from '@lockstep/core/worker';

import {use} from './program.js';

window.outcome = {page: await use(load), worker: await use(loadWorker)};
