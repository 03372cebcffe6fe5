import { CAPPER } from './capper.js';
import { describeMachine } from './harmless-suite.js';

describeMachine(CAPPER);
