import { CONVEYOR } from './conveyor.js';
import { describeMachine } from './describe-machine.js';

describeMachine(CONVEYOR);
