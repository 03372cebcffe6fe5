import { describeMachine } from './describe-machine.js';
import { PACKAGING } from './packaging-oop.js';

describeMachine(PACKAGING);
