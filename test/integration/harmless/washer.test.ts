import { describeMachine } from './harmless-suite.js';
import { WASHER } from './washer.js';

describeMachine(WASHER);
