import { LIFT } from './lift.js';
import { describeMachine } from './harmless-suite.js';

describeMachine(LIFT);
