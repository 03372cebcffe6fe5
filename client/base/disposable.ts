import type { Disposable as VscodeDisposable } from 'vscode';

/**
 * Base of everything that holds something to let go of. What is registered is disposed in reverse order; what is
 * registered after the end is disposed at once, so that a late answer of an asynchronous call leaks nothing.
 */
export abstract class Disposable implements VscodeDisposable {
  readonly #held: VscodeDisposable[] = [];
  #isDisposed = false;

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    for (const held of this.#held.splice(0).reverse()) held.dispose();
  }

  protected get isDisposed(): boolean {
    return this.#isDisposed;
  }

  protected register<T extends VscodeDisposable>(held: T): T {
    if (this.#isDisposed) held.dispose();
    else this.#held.push(held);
    return held;
  }
}
