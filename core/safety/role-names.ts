/**
 * What the name of a tag suggests about its role, in the languages in which plants write code. Names are split into
 * words first, so that `rForceLimit`, `BypassValveTemp` or `Notaushang` can't match by accident. A name alone never
 * gives more than a warning.
 */

import type { SignalRole } from '../site/manifest.js';

/** Words of a name, lower case: `xEmergencyOff_2` gives `emergency`, `off`. Hungarian prefixes are dropped. */
export function wordsOf(name: string): string[] {
  const words = name
    .replace(/([a-zà-ÿ])([A-ZÀ-Þ])/g, '$1 $2')
    .replace(/([A-ZÀ-Þ]+)([A-ZÀ-Þ][a-zà-ÿ])/g, '$1 $2')
    .split(/[^A-Za-zÀ-ÿ]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
  return words.length > 1 && HUNGARIAN_PREFIXES.has(words[0] ?? '') ? words.slice(1) : words;
}

const HUNGARIAN_PREFIXES = new Set([
  'x',
  'b',
  'ix',
  'qx',
  'mx',
  'gx',
  'q',
  'i',
  'bo',
  'bi',
  'di',
  'do',
  'in',
  'out',
  'g',
  'st',
  's',
]);

/** Phrases by role. Words of a phrase must follow one another; a phrase also matches when written as one word. */
const PHRASES: readonly { readonly role: SignalRole; readonly phrases: readonly string[] }[] = [
  {
    role: 'estop',
    phrases: [
      'e stop',
      'estop',
      'emergency stop',
      'emergency off',
      'emergency',
      'emerg',
      'emo',
      'not aus',
      'not halt',
      'arret urgence',
      'arret d urgence',
      'aru',
      'parada emergencia',
      'paro emergencia',
      'seta emergencia',
      'arresto emergenza',
      'emergenza',
      'nood stop',
      'noodstop',
      'nodstopp',
      'nodstop',
      'hatakatkaisin',
      'hata seis',
      'awaryjny stop',
      'stop awaryjny',
      'nouzove zastaveni',
      'ems',
    ],
  },
  {
    role: 'light_curtain',
    phrases: [
      'light curtain',
      'lightcurtain',
      'curtain',
      'ossd',
      'aopd',
      'espe',
      'lichtgitter',
      'licht vorhang',
      'barriere immaterielle',
      'barrera luz',
      'barriera',
      'lichtscherm',
      'ljusrida',
    ],
  },
  {
    role: 'guard',
    phrases: [
      'guard',
      'safety door',
      'safety gate',
      'schutz tuer',
      'schutztuer',
      'schutztür',
      'schutz tür',
      'schutz haube',
      'schutzgitter',
      'schutz gitter',
      'protecteur',
      'porte securite',
      'resguardo',
      'puerta seguridad',
      'riparo',
      'veiligheidsdeur',
      'skydd',
      'interlock',
      'verriegelung',
      'enclavamiento',
    ],
  },
  {
    role: 'two_hand',
    phrases: ['two hand', 'zwei hand', 'zweihand', 'bimanuelle', 'bimanual', 'dos manos', 'tweehand'],
  },
  {
    role: 'safety_mat',
    phrases: ['safety mat', 'schalt matte', 'trittmatte', 'tritt matte', 'tapis securite', 'alfombra seguridad'],
  },
  {
    role: 'enabling_switch',
    phrases: [
      'enabling switch',
      'enable switch',
      'dead man',
      'deadman',
      'zustimm taster',
      'zustimmtaster',
      'zustimmung',
      'homme mort',
    ],
  },
  { role: 'edm', phrases: ['edm', 'contactor feedback', 'schuetz rueckmeldung', 'rueckfuehrkreis', 'rückführkreis'] },
  {
    role: 'bypass',
    phrases: [
      'bypass',
      'override',
      'jumper',
      'muting',
      'ueberbrueckung',
      'überbrückung',
      'ueberbrueckt',
      'brueckung',
      'brücke',
      'bruecke',
      'shunt',
      'defeat',
      'pontage',
      'puente',
      'disable safety',
      'safety off',
      'ignore safety',
      'force ok',
    ],
  },
  {
    role: 'reset',
    phrases: [
      'reset',
      'quitt',
      'quittierung',
      'quittieren',
      'acknowledge',
      'rearm',
      'rearmement',
      'rearme',
      'ripristino',
      'aterstall',
    ],
  },
  { role: 'start', phrases: ['start', 'marche', 'arranque', 'avvio', 'marcha', 'anlauf'] },
];

const HAZARD_PHRASES = [
  'motor',
  'drive',
  'antrieb',
  'valve',
  'ventil',
  'heater',
  'heizung',
  'heating',
  'spindle',
  'spindel',
  'press',
  'presse',
  'ram',
  'pump',
  'pumpe',
  'cylinder',
  'zylinder',
  'conveyor',
  'foerderer',
  'band',
  'belt',
  'laser',
  'burner',
  'brenner',
  'contactor',
  'schuetz',
  'sto',
  'moteur',
  'vanne',
  'pompe',
  'bomba',
  'valvula',
  'motore',
  'valvola',
  'mixer',
  'ruehrer',
  'saw',
  'saege',
  'blade',
  'knife',
  'messer',
  'hoist',
  'hub',
  'lift',
  'axis',
  'achse',
  'robot',
  'clamp',
  'enable drive',
];

/** Words after which `bypass` names a piece of the plant and not a way around a guard. */
const PLANT_PARTS = new Set([
  'valve',
  'ventil',
  'vanne',
  'valvula',
  'line',
  'leitung',
  'pump',
  'pumpe',
  'damper',
  'klappe',
  'filter',
  'duct',
  'pipe',
  'flow',
  'temp',
  'temperature',
  'conveyor',
  'lane',
  'gate',
  'route',
  'stream',
  'heater',
  'fan',
  'air',
  'gas',
  'stack',
  'loop',
]);

/** Words that tell that a tag reports something and does not permit anything. */
const REPORT_WORDS = new Set([
  'lamp',
  'led',
  'light',
  'leuchte',
  'alarm',
  'alarms',
  'msg',
  'message',
  'meldung',
  'text',
  'count',
  'counter',
  'cnt',
  'hmi',
  'log',
  'diag',
  'status',
  'horn',
  'buzzer',
  'beacon',
  'color',
  'colour',
  'history',
  'time',
  'timer',
  'timestamp',
  'lamps',
  'event',
]);

function containsPhrase(words: readonly string[], phrase: string): boolean {
  const wanted = phrase.split(' ');
  const joined = wanted.join('');
  for (let start = 0; start < words.length; start++) {
    if (words[start] === joined) return true;
    if (wanted.every((word, offset) => words[start + offset] === word)) return true;
  }
  return false;
}

/** `EStopLight` reports; a `LightCurtain` does not. */
function isReport(words: readonly string[]): boolean {
  return words.some((word, position) => REPORT_WORDS.has(word) && words[position + 1] !== 'curtain');
}

/** The role that the name of a Boolean input suggests; null when it suggests none. */
export function roleOfName(name: string): SignalRole | null {
  const words = wordsOf(name);
  if (isReport(words) || words.some((word) => TRIP_WORDS.includes(word))) return null;
  for (const { role, phrases } of PHRASES) {
    if (!phrases.some((phrase) => containsPhrase(words, phrase))) continue;
    if (role === 'bypass' && words.some((word) => PLANT_PARTS.has(word))) continue;
    return role;
  }
  return null;
}

/** True when the name of a Boolean output suggests something that moves, heats, presses or energises. */
export function suggestsHazard(name: string): boolean {
  const words = wordsOf(name);
  return !isReport(words) && HAZARD_PHRASES.some((phrase) => containsPhrase(words, phrase));
}

const MODE_WORDS: ReadonlySet<string> = new Set([
  'mode',
  'modus',
  'betriebsart',
  'manual',
  'hand',
  'handbetrieb',
  'service',
  'maintenance',
  'maint',
  'wartung',
  'setup',
  'einrichten',
  'jog',
  'teach',
  'tippen',
  'tipp',
  'manuel',
  'manutenzione',
  'mantenimiento',
  'reglage',
  'instellen',
]);

/** True when a name says that the tag chooses how the machine is run. */
export function suggestsMode(name: string): boolean {
  return !containsPhrase(wordsOf(name), 'two hand') && wordsOf(name).some((word) => MODE_WORDS.has(word));
}

const SIMULATION_WORDS: ReadonlySet<string> = new Set([
  'sim',
  'simul',
  'simulate',
  'simulated',
  'simulation',
  'simulieren',
  'simulacion',
  'simulazione',
  'simulatie',
  'debug',
  'dummy',
  'fake',
  'mock',
  'demo',
]);

/** True when a name says that the tag stands for something that is not there. */
export function suggestsSimulation(name: string): boolean {
  return wordsOf(name).some((word) => SIMULATION_WORDS.has(word));
}

const TRIP_WORDS = [
  'trip',
  'tripped',
  'fault',
  'faulted',
  'error',
  'alarm',
  'lockout',
  'stoerung',
  'störung',
  'fehler',
  'defaut',
  'fallo',
  'demand',
  'blocked',
  'inhibit',
  'latched',
  'gestoert',
  'ausgeloest',
  'stopped',
];

/** True when TRUE of this tag means "stopped": retaining it over a power cycle is on the safe side. */
export function suggestsTrip(name: string): boolean {
  const words = wordsOf(name);
  return TRIP_WORDS.some((word) => words.includes(word));
}
