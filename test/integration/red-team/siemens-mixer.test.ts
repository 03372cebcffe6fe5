import { describeMachine } from './describe-machine.js';
import { SIEMENS_MIXER } from './siemens-mixer.js';

describeMachine(SIEMENS_MIXER);
