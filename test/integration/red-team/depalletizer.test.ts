import { DEPALLETIZER } from './depalletizer.js';
import { describeMachine } from './describe-machine.js';

describeMachine(DEPALLETIZER);
