/** Copies of the state of the JavaScript engine: taken and put back member by member, so that references stay valid. */

import type { ClassForm } from '../compile/ir.js';
import type { Shape } from '../compile/shape.js';

/** The values of one root object, in the order of its members. */
export type ObjectImage = readonly unknown[];

type Members = Record<string | number, unknown>;
type Elements = { readonly length: number; set?(from: ArrayLike<unknown>): void } & Record<number, unknown>;

/** Saves and restores objects of the classes of one program. */
export class ObjectImager {
  readonly #classes: ReadonlyMap<string, ClassForm>;
  readonly #fields = new Map<string, readonly { readonly name: string; readonly shape: Shape }[]>();

  constructor(classes: readonly ClassForm[]) {
    this.#classes = new Map(classes.map((form) => [form.name, form]));
  }

  save(object: unknown, className: string): ObjectImage {
    const image: unknown[] = [];
    this.#saveObject(object as Members, className, image);
    return image;
  }

  restore(object: unknown, className: string, image: ObjectImage): void {
    this.#restoreObject(object as Members, className, image, 0);
  }

  #fieldsOf(className: string): readonly { readonly name: string; readonly shape: Shape }[] {
    const known = this.#fields.get(className);
    if (known !== undefined) return known;
    const chain: ClassForm[] = [];
    for (let form = this.#classes.get(className); form !== undefined; form = this.#classes.get(form.base ?? ''))
      chain.unshift(form);
    const fields = chain.flatMap((form) => form.fields.filter((field) => field.sharedAs === null));
    this.#fields.set(className, fields);
    return fields;
  }

  #saveObject(object: Members, className: string, image: unknown[]): void {
    if (this.#classes.get(className)?.isUnion === true) {
      image.push((object['bytes'] as Uint8Array).slice());
      return;
    }
    for (const { name, shape } of this.#fieldsOf(className)) this.#saveValue(object[name], shape, image);
  }

  #saveValue(value: unknown, shape: Shape, image: unknown[]): void {
    if (shape.kind === 'object') this.#saveObject(value as Members, shape.className, image);
    else if (shape.kind !== 'array') image.push(value);
    else if (ArrayBuffer.isView(value)) image.push((value as Uint8Array).slice());
    else {
      const elements = value as Elements;
      for (let index = 0; index < elements.length; index++) this.#saveValue(elements[index], shape.element, image);
    }
  }

  #restoreObject(object: Members, className: string, image: ObjectImage, from: number): number {
    if (this.#classes.get(className)?.isUnion === true) {
      (object['bytes'] as Uint8Array).set(image[from] as Uint8Array);
      return from + 1;
    }
    let next = from;
    for (const { name, shape } of this.#fieldsOf(className))
      next = this.#restoreMember(object, name, shape, image, next);
    return next;
  }

  #restoreMember(owner: Members, key: string | number, shape: Shape, image: ObjectImage, from: number): number {
    if (shape.kind === 'object') return this.#restoreObject(owner[key] as Members, shape.className, image, from);
    if (shape.kind !== 'array') {
      owner[key] = image[from];
      return from + 1;
    }
    const elements = owner[key] as Elements;
    if (ArrayBuffer.isView(elements)) {
      (elements as unknown as Uint8Array).set(image[from] as Uint8Array);
      return from + 1;
    }
    let next = from;
    for (let index = 0; index < elements.length; index++)
      next = this.#restoreMember(elements, index, shape.element, image, next);
    return next;
  }
}
