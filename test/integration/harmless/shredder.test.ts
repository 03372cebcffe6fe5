import { describeMachine } from './harmless-suite.js';
import { SHREDDER } from './shredder.js';

describeMachine(SHREDDER);
