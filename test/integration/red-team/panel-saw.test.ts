import { describeMachine } from './describe-machine.js';
import { PANEL_SAW } from './panel-saw.js';

describeMachine(PANEL_SAW);
