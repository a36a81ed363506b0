/**
 * Stands in for VS Code where there is none: as much of its API as completing needs. The bundle of the bench takes it for the module
 * `vscode`, so that the extension's own code, and the peers' rules in the shape of providers, run in it unchanged.
 */

export class Position {
	readonly line: number;
	readonly character: number;

	constructor(line: number, character: number) {
		this.line = line;
		this.character = character;
	}

	isEqual(other: Position): boolean {
		return this.line === other.line && this.character === other.character;
	}

	translate(lines = 0, characters = 0): Position {
		return new Position(this.line + lines, this.character + characters);
	}
}

export class Range {
	readonly start: Position;
	readonly end: Position;

	constructor(start: Position, end: Position) {
		this.start = start;
		this.end = end;
	}

	get isEmpty(): boolean {
		return this.start.isEqual(this.end);
	}

	with(start: Position = this.start, end: Position = this.end): Range {
		return new Range(start, end);
	}
}

export class Selection extends Range {
	readonly active: Position;

	constructor(anchor: Position, active: Position) {
		super(anchor, active);
		this.active = active;
	}
}

export class InlineCompletionItem {
	readonly insertText: string;
	readonly range: Range | undefined;
	command: unknown;

	constructor(insertText: string, range?: Range) {
		this.insertText = insertText;
		this.range = range;
	}
}

export const InlineCompletionTriggerKind = { Invoke: 0, Automatic: 1 };

export class Disposable {
	readonly #end: () => void;

	constructor(end: () => void) {
		this.#end = end;
	}

	static from(...disposables: readonly { dispose(): unknown }[]): Disposable {
		return new Disposable(() => {
			for (const disposable of disposables) disposable.dispose();
		});
	}

	dispose(): void {
		this.#end();
	}
}

/** An event as extensions see it, and the means to make it happen. */
export class EventEmitter<T> {
	readonly #listeners = new Set<(event: T) => void>();

	readonly event = (listener: (event: T) => void): Disposable => {
		this.#listeners.add(listener);
		return new Disposable(() => this.#listeners.delete(listener));
	};

	fire(event: T): void {
		for (const listener of this.#listeners) listener(event);
	}
}

export interface Uri {
	readonly scheme: string;
	readonly path: string;
	readonly fragment: string;
	toString(): string;
}

export interface TextDocument {
	readonly uri: Uri;
	readonly languageId: string;
	readonly version: number;
	readonly lineCount: number;
	lineAt(line: number): { readonly text: string };
	positionAt(offset: number): Position;
	offsetAt(position: Position): number;
	getText(): string;
}

export interface TextEditor {
	readonly document: TextDocument;
	readonly selection: Selection;
	readonly selections: readonly Selection[];
	readonly options?: { readonly insertSpaces: boolean; readonly indentSize: number };
}

export interface ContentChange {
	readonly rangeOffset: number;
	readonly rangeLength: number;
	readonly text: string;
}

export interface ChangeEvent {
	readonly document: TextDocument;
	readonly contentChanges: readonly ContentChange[];
	readonly reason: undefined;
}

interface CancellationToken {
	readonly isCancellationRequested: boolean;
	readonly onCancellationRequested: (listener: () => void) => { dispose(): unknown };
}

export interface Provider {
	provideInlineCompletionItems(
		document: TextDocument,
		position: Position,
		context: { readonly triggerKind: number; readonly selectedCompletionInfo: undefined },
		token: CancellationToken,
	): Promise<readonly InlineCompletionItem[] | undefined>;
}

/** The side of the stand-in that extensions do not see. */
export const host = {
	activeEditor: undefined as TextEditor | undefined,
	providers: new Set<Provider>(),
	/** When an extension wants the editor to ask. */
	onTrigger: () => {},
	changed: new EventEmitter<ChangeEvent>(),
	selected: new EventEmitter<{ readonly textEditor: TextEditor }>(),
	activated: new EventEmitter<TextEditor | undefined>(),
	opened: new EventEmitter<TextDocument>(),
};

const never = () => new Disposable(() => {});

export const window = {
	get activeTextEditor() {
		return host.activeEditor;
	},
	get visibleTextEditors() {
		return host.activeEditor ? [host.activeEditor] : [];
	},
	onDidChangeActiveTextEditor: host.activated.event,
	onDidChangeTextEditorSelection: host.selected.event,
	onDidChangeWindowState: never,
	createOutputChannel: () => ({ debug() {}, trace() {}, info() {}, warn() {}, error() {} }),
};

export const workspace = {
	isTrusted: true,
	fs: { isWritableFileSystem: () => true },
	getConfiguration: () => ({ get: () => undefined }),
	onDidChangeTextDocument: host.changed.event,
	onDidGrantWorkspaceTrust: never,
};

export const languages = {
	registerInlineCompletionItemProvider(_selector: unknown, provider: Provider): Disposable {
		host.providers.add(provider);
		return new Disposable(() => host.providers.delete(provider));
	},
};

export const commands = {
	async executeCommand(command: string): Promise<void> {
		if (command === 'editor.action.inlineSuggest.trigger') host.onTrigger();
	},
};
