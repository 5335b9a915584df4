import {load} from '/package/dist/index.js';
import {load as loadInline} from '/package/dist/inline.js';
import {load as loadWorker} from '/package/dist/worker.js';

import {use} from './program.js';

window.outcome = {
  page: await use(load),
  scalar: await use(() => load({kernel: 'scalar'})),
  inline: await use(loadInline),
  worker: await use(loadWorker),
};
