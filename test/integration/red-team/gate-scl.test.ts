import { describeMachine } from './describe-machine.js';
import { GATE } from './gate-scl.js';

describeMachine(GATE);
