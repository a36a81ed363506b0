import {
	commands,
	type Disposable,
	languages,
	StatusBarAlignment,
	type StatusBarItem,
	type TextDocument,
	type TextDocumentChangeEvent,
	window,
	workspace,
} from 'vscode';
import { afterChange, insertedSpan, type Span } from '../completion/span.ts';
import { apply, doubtfulNames, type ImportFix, onlyImport } from './import-fixes.ts';
import { readSettings } from './settings.ts';

/** A language server that takes longer is busy with something else. */
const patienceMs = 8000;
/** By then whoever wanted the import has it. */
const offeredMs = 30_000;

/** An accepted text, until it is known whether it lacks imports. */
interface Watch {
	readonly document: TextDocument;
	span: Span;
	/** Names that were seen to. */
	readonly done: Set<string>;
	readonly end: NodeJS.Timeout;
	isLooking: boolean;
	isStale: boolean;
}

/**
 * After a suggestion was accepted: where a name in it is unknown to its file and exactly one import would change that, offers that in the
 * status bar, or adds it. What is unknown is what the language server complains about, and what is added is its own quick fix. Nobody waits.
 */
export class Imports implements Disposable {
	readonly #item: StatusBarItem;
	readonly #subscriptions: readonly Disposable[];
	#lastEdit: { readonly document: TextDocument; readonly span: Span } | undefined;
	#watch: Watch | undefined;
	#offers: readonly ImportFix[] = [];
	#withdrawal: NodeJS.Timeout | undefined;

	constructor() {
		this.#item = window.createStatusBarItem('co-clone.import', StatusBarAlignment.Right, 99);
		this.#item.name = 'Co-Clone: Missing Import';
		this.#item.command = 'co-clone.addImport';
		this.#subscriptions = [
			workspace.onDidChangeTextDocument((event) => this.#changed(event)),
			languages.onDidChangeDiagnostics(({ uris }) => {
				const changed = this.#watch?.document.uri.toString();
				if (changed !== undefined && uris.some((uri) => uri.toString() === changed)) void this.#look();
			}),
			window.onDidChangeActiveTextEditor(() => this.#end()),
		];
	}

	/** The editor has put a suggestion, or a part of one, into a text. */
	accepted(): void {
		if (readSettings().imports === 'off') return;
		// Whoever else listens to that edit may be told of it first.
		setImmediate(() => this.#begin());
	}

	/** The command: adds what is offered. */
	async add(): Promise<void> {
		const { document, span } = this.#watch ?? {};
		const offers = this.#offers;
		this.#withdraw();
		if (!document || !span) return;
		for (const { name } of offers) await this.#addImport(document, name);
	}

	dispose(): void {
		this.#end();
		this.#item.dispose();
		for (const subscription of this.#subscriptions) subscription.dispose();
	}

	#begin(): void {
		const { document, span } = this.#lastEdit ?? {};
		if (!document || !span) return;
		const before = this.#watch;
		const isNext = before?.document === document && before.span.end === span.start;
		const start = isNext ? before.span.start : span.start;
		this.#end();
		const end = setTimeout(() => this.#endUnlessOffered(), patienceMs);
		this.#watch = { document, span: { start, end: span.end }, done: new Set(), end, isLooking: false, isStale: false };
		void this.#look();
	}

	#changed({ document, contentChanges, reason }: TextDocumentChangeEvent): void {
		if (contentChanges.length === 0 || document.uri.scheme === 'output') return;
		const changes = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
			offset: rangeOffset,
			removed: rangeLength,
			inserted: text.length,
		}));
		const span = insertedSpan(changes);
		// What is undone or done again is as its author wants it.
		this.#lastEdit = span && reason === undefined ? { document, span } : undefined;
		if (this.#watch?.document !== document) return;
		if (reason === undefined) this.#watch.span = changes.reduce(afterChange, this.#watch.span);
		else this.#end();
	}

	/** One look at a time; what changed meanwhile is looked at once more. */
	async #look(): Promise<void> {
		const watch = this.#watch;
		if (!watch) return;
		watch.isStale = true;
		if (watch.isLooking) return;
		watch.isLooking = true;
		try {
			while (watch.isStale && this.#watch === watch) {
				watch.isStale = false;
				await this.#lookAt(watch);
			}
		} finally {
			watch.isLooking = false;
		}
	}

	async #lookAt(watch: Watch): Promise<void> {
		const { document, done } = watch;
		const names = doubtfulNames(document, watch.span);
		if (this.#offers.some(({ name }) => !names.has(name))) this.#offer(this.#offers.filter(({ name }) => names.has(name)));
		for (const [name, range] of names) {
			if (done.has(name)) continue;
			const fix = await onlyImport(document, name, range);
			if (this.#watch !== watch || watch.isStale) return;
			if (!fix) continue;
			done.add(name);
			if (readSettings().imports !== 'add') this.#offer([...this.#offers, fix]);
			// Everything below has moved.
			else if (await apply(fix)) return;
		}
	}

	/** Asked for anew, because the text may have changed since it was offered. */
	async #addImport(document: TextDocument, name: string): Promise<void> {
		const range = this.#watch && doubtfulNames(document, this.#watch.span).get(name);
		const fix = range && (await onlyImport(document, name, range));
		if (fix) await apply(fix);
	}

	#offer(offers: readonly ImportFix[]): void {
		this.#withdraw();
		this.#offers = offers;
		const [first, ...others] = offers;
		if (!first) return;
		const text = others.length > 0 ? `Add ${offers.length} imports` : `${first.name}: ${first.action.title}`;
		this.#item.text = `$(lightbulb) ${text}`;
		this.#item.tooltip = [...offers.map(({ name, action }) => `${name}: ${action.title}`), 'Click, or press Alt+Enter.'].join('\n');
		this.#item.accessibilityInformation = { label: `Co-Clone: ${text}` };
		this.#item.show();
		this.#withdrawal = setTimeout(() => this.#end(), offeredMs);
		void commands.executeCommand('setContext', 'coClone.offersImport', true);
	}

	#withdraw(): void {
		if (this.#offers.length === 0) return;
		this.#offers = [];
		clearTimeout(this.#withdrawal);
		this.#item.hide();
		void commands.executeCommand('setContext', 'coClone.offersImport', false);
	}

	#endUnlessOffered(): void {
		if (this.#offers.length === 0) this.#end();
	}

	#end(): void {
		clearTimeout(this.#watch?.end);
		this.#watch = undefined;
		this.#withdraw();
	}
}
