// The other side of worker.js.

import {wasmUrl} from './index.js';
import {serve} from './worker-transport.js';

serve(wasmUrl, self);
