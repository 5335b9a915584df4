import {load} from '@lockstep/core/inline';

import {use} from './program.js';

use(load).then((outcome) => (window.outcome = {inline: outcome}));
