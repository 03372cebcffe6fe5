import { describeMachine } from './harmless-suite.js';
import { LIFT } from './lift.js';

describeMachine(LIFT);
