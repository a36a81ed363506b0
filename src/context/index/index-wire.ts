import type { Definition, IndexQuery } from '../code-index.ts';
import type { ContextSnippet } from '../snippet.ts';
import type { FolderPlace } from './workspace-index.ts';

/** What a worker is started with. */
export interface WorkerStart {
	/** Where indexes are kept from one start to the next. */
	readonly cache: string;
	/** How much memory the index of a folder may take. */
	readonly mostBytes: number;
}

/** A file that is not what it was, by its path on the disk. */
export type FileChange =
	| { readonly kind: 'changed'; readonly file: string /** Of a document that is not saved. */; readonly text?: string }
	/** Or a folder. */
	| { readonly kind: 'created' | 'deleted'; readonly file: string };

/** What the worker is asked to find. */
export type IndexQuestion =
	| { readonly kind: 'search'; readonly query: IndexQuery }
	| { readonly kind: 'definitions'; readonly names: readonly string[]; readonly path: string };

/** What a worker is told. */
export type IndexOrder =
	| { readonly kind: 'folders'; readonly folders: readonly FolderPlace[] }
	| { readonly kind: 'changes'; readonly changes: readonly FileChange[] }
	| { readonly kind: 'question'; readonly id: number; readonly question: IndexQuestion }
	| { readonly kind: 'cancel'; readonly id: number }
	/** Save and end. */
	| { readonly kind: 'close' };

/** What a worker found. */
export type IndexAnswer =
	| { readonly kind: 'snippets'; readonly id: number; readonly found: readonly ContextSnippet[] }
	| { readonly kind: 'definitions'; readonly id: number; readonly found: readonly Definition[] };

/** What a worker tells. */
export type IndexReport =
	| IndexAnswer
	| { readonly kind: 'progress'; readonly done: number; readonly total: number }
	/** Everything is read. */
	| { readonly kind: 'ready'; readonly files: number; readonly chunks: number; readonly ms: number; readonly leftOut: number }
	| { readonly kind: 'fault'; readonly message: string };
