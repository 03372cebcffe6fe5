import { BURNER } from './burner.js';
import { describeMachine } from './describe-machine.js';

describeMachine(BURNER);
