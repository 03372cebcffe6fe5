import * as vscode from 'vscode';
import { approve, type ChangeView, reject, viewChange } from '../../core/fleet/changes.js';
import { REVIEW_TITLES } from '../../core/fleet/checklist.js';
import type { Fleet } from '../../core/fleet/fleet.js';
import type { SigningKey } from '../../core/fleet/signing-key.js';
import { readSettings } from '../base/settings.js';
import type { SigningKeys } from './signing-keys.js';

/** What may be given to the commands instead of being asked for. The confirmation can be given too, but not left out. */
export interface DecisionArguments {
  readonly person?: string;
  readonly confirmation?: string;
  readonly reason?: string;
}

const clock = (): Date => new Date();

/** Asks who signs and for the typed name of the site, then signs. Null: the person closed a question. */
export async function approveChange(
  fleet: Fleet,
  id: string,
  keys: SigningKeys,
  given: DecisionArguments,
): Promise<ChangeView | null> {
  const view = viewChange(fleet, id);
  const signer = await askForSigner(fleet, keys, given);
  if (signer === null) return null;
  const prompt = `You sign that ${id} may be published. It needs ${REVIEW_TITLES[view.record.review]}.`;
  if (!(await confirmed(view, 'Approve', prompt, given))) return null;
  return approve({ fleet, change: id, ...signer, meaning: 'approval', clock });
}

/** Asks for the reason too: what is sent back must say why. */
export async function rejectChange(
  fleet: Fleet,
  id: string,
  keys: SigningKeys,
  given: DecisionArguments,
): Promise<ChangeView | null> {
  const view = viewChange(fleet, id);
  const signer = await askForSigner(fleet, keys, given);
  if (signer === null) return null;
  const reason = given.reason ?? (await askForReason(id));
  if (reason === undefined) return null;
  if (!(await confirmed(view, 'Reject', `You send ${id} back: ${reason}`, given))) return null;
  return reject({ fleet, change: id, ...signer, meaning: 'approval', clock, reason });
}

/** The id under which a person acts: of the settings, else asked for among the people of the fleet. */
export async function askForPerson(fleet: Fleet, placeholder: string): Promise<string | undefined> {
  const { person } = readSettings(vscode.Uri.file(fleet.file));
  if (person !== '') return person;
  if (fleet.people.length === 0) return vscode.window.showInputBox({ title: placeholder, ignoreFocusOut: true });
  const items = fleet.people.map(({ id, name, roles }) => ({
    label: id,
    description: name ?? '',
    detail: roles.join(', '),
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: placeholder, ignoreFocusOut: true }))?.label;
}

async function askForSigner(
  fleet: Fleet,
  keys: SigningKeys,
  given: DecisionArguments,
): Promise<{ readonly person: string; readonly key: SigningKey } | null> {
  const person = given.person ?? (await askForPerson(fleet, 'Who signs?'));
  if (person === undefined) return null;
  const key = await keys.keyOf(person, readSettings(null).keyFile);
  if (key === null) {
    throw new Error(
      `There is no signing key of ${person}. Store one with "Plantwright: Store Signing Key", or set plantwright.review.keyFile.`,
    );
  }
  return { person, key };
}

/** The site's name, typed: a signature is no click. */
async function confirmed(
  { record }: ChangeView,
  verb: string,
  prompt: string,
  given: DecisionArguments,
): Promise<boolean> {
  if (given.confirmation !== undefined) {
    if (given.confirmation === record.site) return true;
    throw new Error(`The confirmation must be the name of the site, ${record.site}.`);
  }
  const typed = await vscode.window.showInputBox({
    title: `${verb} ${record.id}`,
    prompt: `${prompt} Type the name of the site to confirm: ${record.site}`,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === record.site ? null : `Type ${record.site}, or press Escape to leave it undecided.`,
  });
  return typed === record.site;
}

async function askForReason(id: string): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: `Reject ${id}`,
    prompt: 'Why is it sent back? The reason is signed and goes to the audit log.',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? 'A rejection needs a reason.' : null),
  });
}
