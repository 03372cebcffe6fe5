/**
 * Writes WebAssembly modules in their binary format (WebAssembly core specification 2.0, chapter 5): only the sections
 * and types that compiled programs need.
 */

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'externref';

const TYPE_CODES: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  externref: 0x6f,
};

export const VOID_BLOCK = 0x40;

export function typeCode(type: ValueType): number {
  return TYPE_CODES[type];
}

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export interface FunctionImport {
  readonly name: string;
  readonly type: FunctionType;
}

export interface FunctionBody {
  readonly type: FunctionType;
  /** Locals after the parameters. */
  readonly locals: readonly ValueType[];
  /** Instructions without the final `end`. */
  readonly code: readonly number[];
  /** Name under which the function is exported; null: not at all. */
  readonly exportName: string | null;
}

export interface ModuleForm {
  readonly imports: readonly FunctionImport[];
  readonly functions: readonly FunctionBody[];
  /** Mutable globals of type f64, exported by name. */
  readonly clocks: readonly string[];
  readonly memoryBytes: number;
  /** Size of the table of strings; 0: none. */
  readonly tableSize: number;
}

/** The name of the module from which everything is imported. */
export const HOST_MODULE = 'host';
export const PAGE_BYTES = 65_536;

/** LEB128 of an unsigned number below 2^32. */
export function pushUnsigned(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

/** LEB128 of a signed 32 bit number. */
export function pushSigned(bytes: number[], value: number): void {
  let rest = value | 0;
  for (;;) {
    const low = rest & 127;
    rest >>= 7;
    if ((rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0)) {
      bytes.push(low);
      return;
    }
    bytes.push(low | 128);
  }
}

/** LEB128 of a signed 64 bit number. */
export function pushSignedBig(bytes: number[], value: bigint): void {
  let rest = BigInt.asIntN(64, value);
  for (;;) {
    const low = Number(rest & 127n);
    rest >>= 7n;
    if ((rest === 0n && (low & 64) === 0) || (rest === -1n && (low & 64) !== 0)) {
      bytes.push(low);
      return;
    }
    bytes.push(low | 128);
  }
}

const FLOAT_BYTES = new DataView(new ArrayBuffer(8));

export function pushFloat32(bytes: number[], value: number): void {
  FLOAT_BYTES.setFloat32(0, value, true);
  for (let index = 0; index < 4; index++) bytes.push(FLOAT_BYTES.getUint8(index));
}

export function pushFloat64(bytes: number[], value: number): void {
  FLOAT_BYTES.setFloat64(0, value, true);
  for (let index = 0; index < 8; index++) bytes.push(FLOAT_BYTES.getUint8(index));
}

function pushName(bytes: number[], name: string): void {
  const encoded = new TextEncoder().encode(name);
  pushUnsigned(bytes, encoded.length);
  for (const byte of encoded) bytes.push(byte);
}

function pushSection(module: number[], id: number, items: readonly (readonly number[])[]): void {
  if (items.length === 0) return;
  const content: number[] = [];
  pushUnsigned(content, items.length);
  for (const item of items) for (const byte of item) content.push(byte);
  module.push(id);
  pushUnsigned(module, content.length);
  for (const byte of content) module.push(byte);
}

function typeItem(type: FunctionType): number[] {
  const item = [0x60];
  for (const list of [type.parameters, type.results]) {
    pushUnsigned(item, list.length);
    for (const each of list) item.push(typeCode(each));
  }
  return item;
}

function bodyItem(body: FunctionBody): number[] {
  const content: number[] = [];
  pushUnsigned(content, body.locals.length);
  for (const local of body.locals) content.push(1, typeCode(local));
  for (const byte of body.code) content.push(byte);
  content.push(0x0b);
  const item: number[] = [];
  pushUnsigned(item, content.length);
  for (const byte of content) item.push(byte);
  return item;
}

function exportItem(name: string, kind: number, index: number): number[] {
  const item: number[] = [];
  pushName(item, name);
  item.push(kind);
  pushUnsigned(item, index);
  return item;
}

/** The bytes of a module. Memory is exported as `memory`, the table of strings as `strings`. */
export function encodeModule(form: ModuleForm): Uint8Array<ArrayBuffer> {
  const types: number[][] = [];
  const typeNumbers = new Map<string, number>();
  const typeIndex = (type: FunctionType): number => {
    const key = `${type.parameters.join()}>${type.results.join()}`;
    const known = typeNumbers.get(key);
    if (known !== undefined) return known;
    typeNumbers.set(key, types.length);
    types.push(typeItem(type));
    return types.length - 1;
  };
  const imports = form.imports.map((each) => {
    const item: number[] = [];
    pushName(item, HOST_MODULE);
    pushName(item, each.name);
    item.push(0);
    pushUnsigned(item, typeIndex(each.type));
    return item;
  });
  const functions = form.functions.map((each) => {
    const item: number[] = [];
    pushUnsigned(item, typeIndex(each.type));
    return item;
  });
  const table = [typeCode('externref'), 0];
  pushUnsigned(table, form.tableSize);
  const pages = Math.max(1, Math.ceil(form.memoryBytes / PAGE_BYTES));
  const memory = [1];
  pushUnsigned(memory, pages);
  pushUnsigned(memory, pages);
  const zero = [typeCode('f64'), 1, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x0b];
  const exports = [exportItem('memory', 2, 0)];
  if (form.tableSize > 0) exports.push(exportItem('strings', 1, 0));
  form.clocks.forEach((name, index) => {
    exports.push(exportItem(name, 3, index));
  });
  form.functions.forEach((each, index) => {
    if (each.exportName !== null) exports.push(exportItem(each.exportName, 0, imports.length + index));
  });
  const module = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  pushSection(module, 1, types);
  pushSection(module, 2, imports);
  pushSection(module, 3, functions);
  if (form.tableSize > 0) pushSection(module, 4, [table]);
  pushSection(module, 5, [memory]);
  pushSection(
    module,
    6,
    form.clocks.map(() => zero),
  );
  pushSection(module, 7, exports);
  pushSection(module, 10, form.functions.map(bodyItem));
  return Uint8Array.from(module);
}
