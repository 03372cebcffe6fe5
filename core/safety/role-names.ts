/**
 * What the name of a tag suggests about its role, in the languages in which plants write code. Names are split into
 * words first, so that `rForceLimit`, `BypassValveTemp` or `Notaushang` can't match by accident. A name alone never
 * gives more than a warning.
 */

import type { SignalRole } from '../site/manifest.js';
import { HAZARD_PHRASES, ROLE_CHARACTERS, ROLE_PHRASES, STATE_ENDINGS } from './role-phrases.js';

/**
 * Words of a name, lower case and without accents: `xEmergencyOff_2` gives `emergency`, `off`; `bSchutzt\u00fcrZu` gives
 * `schutztur`, `zu`. Hungarian prefixes are dropped.
 */
export function wordsOf(name: string): string[] {
  const words = unaccented(name)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
  return words.length > 1 && HUNGARIAN_PREFIXES.has(words[0] ?? '') ? words.slice(1) : words;
}

function unaccented(name: string): string {
  // Most names are plain: nothing to take apart.
  if (/^[\x20-\x7e]*$/.test(name)) return name;
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[\u0142\u0141]/g, 'l')
    .replace(/[\u00f8\u00d8]/g, 'o')
    .replace(/\u0131/g, 'i')
    .replace(/\u00df/g, 'ss');
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

/** Phrases by their first word and by their words written as one, so that a name is looked up and not searched. */
class PhraseIndex<Meaning> {
  readonly #byWord = new Map<
    string,
    { readonly words: readonly string[]; readonly meaning: Meaning; readonly rank: number }[]
  >();

  constructor(phrases: readonly { readonly phrase: string; readonly meaning: Meaning }[]) {
    phrases.forEach(({ phrase, meaning }, rank) => {
      const words = phrase.split('_');
      this.#put(words[0] ?? '', { words, meaning, rank });
      if (words.length > 1) this.#put(words.join(''), { words: [words.join('')], meaning, rank });
    });
  }

  #put(word: string, entry: { words: readonly string[]; meaning: Meaning; rank: number }): void {
    const entries = this.#byWord.get(word);
    if (entries === undefined) this.#byWord.set(word, [entry]);
    else entries.push(entry);
  }

  /** What the phrases in a name mean, the first of the table first. */
  meaningsOf(words: readonly string[]): readonly Meaning[] {
    const found: { meaning: Meaning; rank: number }[] = [];
    words.forEach((word, start) => {
      for (const entry of this.#entriesOf(word))
        if (entry.words.every((wanted, offset) => offset === 0 || words[start + offset] === wanted)) found.push(entry);
    });
    return found.sort((a, b) => a.rank - b.rank).map(({ meaning }) => meaning);
  }

  #entriesOf(word: string) {
    const own = this.#byWord.get(word);
    if (own !== undefined) return own;
    // `estopok`: a phrase and the word for its state without anything in between.
    for (let cut = word.length - 2; cut >= 5; cut--) {
      const entries = STATE_ENDINGS.has(word.slice(cut)) ? this.#byWord.get(word.slice(0, cut)) : undefined;
      if (entries !== undefined) return entries.filter(({ words }) => words.length === 1);
    }
    return [];
  }
}

const ROLES = new PhraseIndex(
  ROLE_PHRASES.flatMap(({ role, phrases }) => phrases.map((phrase) => ({ phrase, meaning: role }))),
);
const HAZARDS = new PhraseIndex(HAZARD_PHRASES.map((phrase) => ({ phrase, meaning: true })));

/** True when a name says that the tag only shows something: a lamp, a message, a count. */
export function reportsOnly(name: string): boolean {
  return isReport(wordsOf(name));
}

/** `EStopLight` reports; a `LightCurtain` does not. */
function isReport(words: readonly string[]): boolean {
  return words.some((word, position) => REPORT_WORDS.has(word) && words[position + 1] !== 'curtain');
}

/** The role that the name of a Boolean input suggests; null when it suggests none. */
export function roleOfName(name: string): SignalRole | null {
  const words = wordsOf(name);
  if (isReport(words) || words.some((word) => TRIP_WORDS.has(word))) return null;
  for (const role of ROLES.meaningsOf(words)) {
    if (role === 'bypass' && words.some((word) => PLANT_PARTS.has(word))) continue;
    return role;
  }
  return /^[\x20-\x7e]*$/.test(name) ? null : (ROLE_CHARACTERS.find(({ pattern }) => pattern.test(name))?.role ?? null);
}

/** True when the name of a Boolean output suggests something that moves, heats, presses or energises. */
export function suggestsHazard(name: string): boolean {
  const words = wordsOf(name);
  return !isReport(words) && HAZARDS.meaningsOf(words).length > 0;
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
  const words = wordsOf(name);
  return words.some((word) => MODE_WORDS.has(word)) && !ROLES.meaningsOf(words).includes('two_hand');
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

/** What every one of these words contains: most names need no taking apart. */
const SIMULATION = /sim|debug|dummy|fake|mock|demo/i;

/** True when a name says that the tag stands for something that is not there. */
export function suggestsSimulation(name: string): boolean {
  return SIMULATION.test(name) && wordsOf(name).some((word) => SIMULATION_WORDS.has(word));
}

const TRIP_WORDS: ReadonlySet<string> = new Set([
  'trip',
  'tripped',
  'fault',
  'faulted',
  'error',
  'alarm',
  'lockout',
  'stoerung',
  'storung',
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
]);

/** True when TRUE of this tag means "stopped": retaining it over a power cycle is on the safe side. */
export function suggestsTrip(name: string): boolean {
  const words = wordsOf(name);
  return words.some((word) => TRIP_WORDS.has(word));
}
