/** The eight machines of the red team. */

import { BURNER } from './burner.js';
import { CONVEYOR } from './conveyor.js';
import { HOIST } from './hoist.js';
import { PACKAGING } from './packaging-oop.js';
import { PRESS } from './press.js';
import type { RedTeamMachine } from './red-team-machine.js';
import { ROBOT_CELL } from './robot-cell.js';
import { SIEMENS_MIXER } from './siemens-mixer.js';
import { TANK } from './tank-drives.js';

export const RED_TEAM: readonly RedTeamMachine[] = [
  PRESS,
  ROBOT_CELL,
  CONVEYOR,
  PACKAGING,
  SIEMENS_MIXER,
  BURNER,
  HOIST,
  TANK,
];
