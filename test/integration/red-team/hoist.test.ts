import { describeMachine } from './describe-machine.js';
import { HOIST } from './hoist.js';

describeMachine(HOIST);
