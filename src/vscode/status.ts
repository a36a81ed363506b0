import { type Disposable, StatusBarAlignment, type StatusBarItem, ThemeColor, window, workspace } from 'vscode';
import { unwanted } from '../completion/gate.ts';
import type { Complaint } from '../completion/health.ts';
import type { SelfTestReport } from '../model/self-test.ts';
import type { Absence } from '../model/stand-in.ts';
import { explain, explainAbsence } from './advice.ts';
import { isGhostTextOn } from './ghost-text.ts';
import type { Entry } from './journal.ts';
import type { Pauses } from './pauses.ts';
import { readSettings } from './settings.ts';
import { explainSlowness } from './slowness.ts';

const failures = new Set([
	'unreachable',
	'stalled',
	'model-missing',
	'no-infill',
	'bad-response',
	'overloaded',
	'no-memory',
	'not-allowed',
	'backing-off',
	'bug',
]);

interface Shown {
	readonly icon: string;
	/** Behind the name; nothing where all is as it should be. */
	readonly word?: string;
	readonly sentence: string;
	readonly isFailure?: boolean;
}

/** The status bar item: whether completions come, from which model, and why not, or not in time. A click opens the menu. */
export class Status implements Disposable {
	readonly #item: StatusBarItem;
	readonly #lastTest: () => SelfTestReport | undefined;
	readonly #complaint: () => Complaint | undefined;
	readonly #pauses: Pauses;
	readonly #absence: () => Absence | undefined;
	readonly #subscriptions: Disposable[];
	#last: Entry | undefined;

	constructor(
		lastTest: () => SelfTestReport | undefined,
		complaint: () => Complaint | undefined,
		pauses: Pauses,
		absence: () => Absence | undefined,
	) {
		this.#lastTest = lastTest;
		this.#complaint = complaint;
		this.#pauses = pauses;
		this.#absence = absence;
		this.#item = window.createStatusBarItem('co-clone.status', StatusBarAlignment.Right, 100);
		this.#item.name = 'Co-Clone';
		this.#item.command = 'co-clone.menu';
		const refresh = () => this.refresh();
		this.#subscriptions = [
			workspace.onDidChangeConfiguration(refresh),
			workspace.onDidGrantWorkspaceTrust(refresh),
			window.onDidChangeActiveTextEditor(refresh),
		];
		pauses.onChange(refresh);
		this.refresh();
		this.#item.show();
	}

	record(entry: Entry): void {
		this.#last = entry;
		this.refresh();
	}

	refresh(): void {
		const { icon, word, sentence, isFailure } = this.#state();
		const { model } = readSettings();
		const answering = this.#last?.outcome.model ?? (model === 'auto' ? 'chosen automatically' : model);
		const test = this.#lastTest();
		const lines = [sentence, `Model: ${answering}`, ...(test ? [testLine(test)] : [])];
		this.#item.text = `$(${icon}) Co-Clone${word ? `: ${word}` : ''}`;
		this.#item.tooltip = lines.join('\n');
		this.#item.accessibilityInformation = { label: `Co-Clone: ${lines.join(' ')}` };
		this.#item.backgroundColor = isFailure ? new ThemeColor('statusBarItem.warningBackground') : undefined;
	}

	dispose(): void {
		for (const subscription of this.#subscriptions) subscription.dispose();
		this.#item.dispose();
	}

	#state(): Shown {
		const document = window.activeTextEditor?.document;
		const off = unwanted({ languageId: document?.languageId ?? '' }, this.#pauses.policy());
		if (!workspace.isTrusted) return { icon: 'circle-slash', sentence: explain({ reason: 'untrusted' }) };
		if (off?.reason === 'snoozed') return { icon: 'bell-slash', word: `${this.#pauses.snooze.minutesLeft} min`, sentence: explain(off) };
		if (off) return { icon: 'circle-slash', sentence: explain(off) };
		if (!isGhostTextOn(document)) {
			return { icon: 'circle-slash', sentence: 'The editor’s own setting editor.inlineSuggest.enabled is off.', isFailure: true };
		}
		const { completion, nothing } = this.#last?.outcome ?? {};
		if (nothing && failures.has(nothing.reason)) return { icon: 'warning', sentence: explain(nothing), isFailure: true };
		const complaint = this.#complaint();
		if (complaint) return { icon: 'warning', word: 'slow', sentence: explainSlowness(complaint) };
		const absence = this.#absence();
		if (absence) return { icon: 'sparkle', word: 'local', sentence: explainAbsence(absence) };
		if (nothing) return { icon: 'sparkle', sentence: explain(nothing) };
		return { icon: 'sparkle', sentence: completion ? 'Completions are coming.' : 'Ready.' };
	}
}

function testLine({ model, at, checks }: SelfTestReport): string {
	const passed = checks.filter(({ holds }) => holds).length;
	return `Last check of ${model} (${new Date(at).toLocaleString()}): ${passed} of ${checks.length} hold`;
}
