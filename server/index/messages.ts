import type { IndexedFolder } from './index-folder.js';

/** What a thread is started with. */
export interface IndexWorkerData {
  readonly engine: string;
  /** Null: nothing is kept. */
  readonly cacheFolder: string | null;
}

/** What the server asks of a thread: the index of one site. */
export interface IndexRequest {
  readonly folder: string;
}

export type IndexAnswer =
  | { readonly kind: 'indexed'; readonly indexed: IndexedFolder }
  /** The folder can't be read: that is no fault of the thread. */
  | { readonly kind: 'failed'; readonly reason: string };
