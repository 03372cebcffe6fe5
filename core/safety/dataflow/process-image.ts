/** The process image: which variables lie at which hardware address, and which of them share bits. */

import type { Project } from '../../language/semantics/model.js';
import { keyOf } from '../../language/semantics/symbols.js';
import { instancesByPou, rootNodes, variablesOf } from '../program-tree.js';
import { type AddressRange, addressRange, type Location } from './location.js';

export type AddressMap = ReadonlyMap<Location, AddressRange>;

/** CODESYS counts words (`%QW1` is the second word), Siemens, TwinCAT and IEC tools count bytes. */
function addressing(project: Project): 'word' | 'byte' {
  return project.dialect === 'codesys' ? 'word' : 'byte';
}

/** Located variables of programs, globals and instances, and the entries of VAR_CONFIG. Open addresses are left out. */
export function addressesOf(project: Project): AddressMap {
  const unit = addressing(project);
  const map = new Map<Location, AddressRange>();
  const add = (location: Location, text: string): void => {
    const range = addressRange(text, unit);
    if (range !== null) map.set(location, range);
  };
  for (const node of rootNodes(project)) if (node.symbol?.location) add(node.location, node.symbol.location.text);
  for (const [pou, instances] of instancesByPou(project)) {
    for (const variable of variablesOf(pou)) {
      if (variable.location === null) continue;
      for (const instance of instances) add(`${instance.location}.${keyOf(variable.name)}`, variable.location.text);
    }
  }
  for (const file of project.files) {
    for (const declaration of file.declarations) {
      if (declaration.kind !== 'Configuration') continue;
      for (const entry of declaration.instanceInitializers) {
        if (entry.location) add(entry.path.map((part) => keyOf(part.name)).join('.'), entry.location.text);
      }
    }
  }
  return map;
}

/** The bits of a location: its own, or those it names as a direct address. */
export function rangeOf(location: Location, addresses: AddressMap, project: Project): AddressRange | null {
  return location.startsWith('%') ? addressRange(location, addressing(project)) : (addresses.get(location) ?? null);
}
