import { describeMachine } from './describe-machine.js';
import { TANK } from './tank-drives.js';

describeMachine(TANK);
