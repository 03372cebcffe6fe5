/**
 * Names of the generated program. Every identifier starts with a prefix of ours and holds only A-Z, 0-9, `_` and `$`,
 * so no text of a user can become code, and no name can meet a JavaScript word or a member of Object.
 */

/** Upper-case letters, digits and `_` stay; any other code point becomes `$hex$`. */
function encode(name: string): string {
  let encoded = '';
  for (const character of name.toUpperCase()) {
    encoded += /[A-Z0-9_]/.test(character) ? character : `$${(character.codePointAt(0) ?? 0).toString(16)}$`;
  }
  return encoded;
}

/** A variable held as a member of an object. */
export const fieldName = (name: string): string => `v_${encode(name)}`;
/** A static variable of a method. */
export const methodFieldName = (method: string, name: string): string => `i_${encode(method)}$${encode(name)}`;
/** The edge-detected value of an input declared R_EDGE or F_EDGE. */
export const edgeName = (name: string): string => `e_${encode(name)}`;
export const edgeMemoryName = (name: string): string => `p_${encode(name)}`;
export const localName = (name: string): string => `l_${encode(name)}`;
export const methodName = (name: string): string => `m_${encode(name)}`;
export const getterName = (name: string): string => `g_${encode(name)}`;
export const setterName = (name: string): string => `s_${encode(name)}`;
export const actionName = (name: string): string => `a_${encode(name)}`;
export const functionName = (name: string, serial: number): string => `F${serial}_${encode(name)}`;
/** Class of a type; `serial` keeps types of equal names apart. */
export const className = (name: string, serial: number): string => `C${serial}_${encode(name)}`;
export const programName = (serial: number): string => `P${serial}`;
/** Where a function or method leaves an output; overriding methods share it. */
export const registerName = (callable: string, output: string): string => `O_${encode(callable)}$${encode(output)}`;
/** The member that runs the body of a function block or program. */
export const BODY = 'run';
