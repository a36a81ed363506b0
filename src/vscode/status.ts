import { type Disposable, StatusBarAlignment, type StatusBarItem, ThemeColor, window, workspace } from 'vscode';
import { unwanted } from '../completion/gate.ts';
import type { SelfTestReport } from '../model/self-test.ts';
import { explain } from './advice.ts';
import { isGhostTextOn } from './ghost-text.ts';
import type { Entry } from './journal.ts';
import { readSettings } from './settings.ts';

const failures = new Set(['unreachable', 'stalled', 'model-missing', 'no-infill', 'bad-response', 'overloaded', 'backing-off', 'bug']);

/** The status bar item: whether completions come, from which model, and why not. A click opens the menu. */
export class Status implements Disposable {
	readonly #item: StatusBarItem;
	readonly #lastTest: () => SelfTestReport | undefined;
	readonly #subscriptions: Disposable[];
	#last: Entry | undefined;

	constructor(lastTest: () => SelfTestReport | undefined) {
		this.#lastTest = lastTest;
		this.#item = window.createStatusBarItem('co-clone.status', StatusBarAlignment.Right, 100);
		this.#item.name = 'Co-Clone';
		this.#item.command = 'co-clone.menu';
		const refresh = () => this.refresh();
		this.#subscriptions = [
			workspace.onDidChangeConfiguration(refresh),
			workspace.onDidGrantWorkspaceTrust(refresh),
			window.onDidChangeActiveTextEditor(refresh),
		];
		this.refresh();
		this.#item.show();
	}

	record(entry: Entry): void {
		this.#last = entry;
		this.refresh();
	}

	refresh(): void {
		const { icon, sentence, isFailure } = this.#state();
		const { model } = readSettings();
		const answering = this.#last?.outcome.model ?? (model === 'auto' ? 'chosen automatically' : model);
		const test = this.#lastTest();
		const lines = [sentence, `Model: ${answering}`, ...(test ? [testLine(test)] : [])];
		this.#item.text = `$(${icon}) Co-Clone`;
		this.#item.tooltip = lines.join('\n');
		this.#item.backgroundColor = isFailure ? new ThemeColor('statusBarItem.warningBackground') : undefined;
	}

	dispose(): void {
		for (const subscription of this.#subscriptions) subscription.dispose();
		this.#item.dispose();
	}

	#state(): { icon: string; sentence: string; isFailure: boolean } {
		const document = window.activeTextEditor?.document;
		const off = unwanted({ languageId: document?.languageId ?? '' }, readSettings());
		if (!workspace.isTrusted) return { icon: 'circle-slash', sentence: explain({ reason: 'untrusted' }), isFailure: false };
		if (off) return { icon: 'circle-slash', sentence: explain(off), isFailure: false };
		if (!isGhostTextOn(document)) {
			return { icon: 'circle-slash', sentence: 'The editor’s own setting editor.inlineSuggest.enabled is off.', isFailure: true };
		}
		const { completion, nothing } = this.#last?.outcome ?? {};
		if (nothing)
			return {
				icon: failures.has(nothing.reason) ? 'warning' : 'sparkle',
				sentence: explain(nothing),
				isFailure: failures.has(nothing.reason),
			};
		return { icon: 'sparkle', sentence: completion ? 'Completions are coming.' : 'Ready.', isFailure: false };
	}
}

function testLine({ model, at, checks }: SelfTestReport): string {
	const passed = checks.filter(({ holds }) => holds).length;
	return `Last check of ${model} (${new Date(at).toLocaleString()}): ${passed} of ${checks.length} hold`;
}
