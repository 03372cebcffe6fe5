import { describeMachine } from './describe-machine.js';
import { ROBOT_CELL } from './robot-cell.js';

describeMachine(ROBOT_CELL);
