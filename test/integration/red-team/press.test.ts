import { describeMachine } from './describe-machine.js';
import { PRESS } from './press.js';

describeMachine(PRESS);
