import { commands, type Disposable, Location, ProgressLocation, window, workspace } from 'vscode';
import type { PlannedChange, PlannedDependent, ValueChoice } from '../../tracking/wire.ts';
import type { Application, Applier } from './apply.ts';
import { type Changes, countOf, editable, needing, ofClass } from './changes.ts';
import { checkValues } from './check-values.ts';
import { chooseValues } from './choose-values.ts';
import type { ModelValues, SignatureModel } from './fill.ts';
import type { FunctionsView } from './functions.ts';
import { letModelChoose } from './let-model-choose.ts';
import { menu } from './menu.ts';
import { rangeOf, uriOf } from './places.ts';
import type { Preview } from './preview.ts';
import type { Sites } from './sites.ts';
import type { ChangesTree } from './tree.ts';
import type { Watch } from './watch.ts';

/** What the commands work on. */
export interface SignatureParts {
	readonly changes: Changes;
	readonly applier: Applier;
	readonly watch: Watch;
	readonly preview: Preview;
	readonly sites: Sites;
	readonly tree: ChangesTree;
	readonly functions: FunctionsView;
	/** Absent where there is no model to ask. */
	readonly model: { readonly values: ModelValues; readonly explain: SignatureModel['explain'] } | undefined;
	readonly setValues: (change: string, values: Readonly<Record<string, ValueChoice>>) => Promise<void>;
	readonly forget: (change: string) => void;
	readonly scan: () => Promise<void>;
}

/** Registers the commands about signatures. Each works on a change that it is given, or on the one at the cursor, or on the first. */
export function registerSignatureCommands(parts: SignatureParts): Disposable[] {
	const { changes, preview, sites, tree, functions, forget, scan } = parts;
	const on = (work: (change: PlannedChange) => unknown) => (argument?: unknown) => {
		const change = changeFor(changes, argument);
		if (change) return work(change);
		void window.showInformationMessage('Co-Clone: no signature has changed whose callers need an update.');
		return undefined;
	};
	const handlers: Record<string, (argument?: unknown) => unknown> = {
		showCallers: on((change) => menu(change, parts.model !== undefined)),
		updateCertain: (argument) => update(parts, (now) => ofClass(chosenChanges(now, argument).flatMap(editable), 'D')),
		updateTicked: () => update(parts, (now) => now.all.flatMap(editable).filter((dependent) => now.isTicked(dependent))),
		updateAll: (argument) => update(parts, (now) => chosenChanges(now, argument).flatMap(editable)),
		updateCaller: (argument) => updateCaller(parts, argument),
		reviewCallers: on((change) => preview.show(`${change.name}: ${countOf(needing(change))}`, change.id, editable(change))),
		previewCallers: on((change) => update(parts, (now) => now.find(change.id)?.dependents ?? [], true)),
		peekCallers: on(peek),
		chooseValues: on((change) => choose(change, parts)),
		dismissChange: on(({ id }) => forget(id)),
		nextCaller: () => sites.go(1),
		previousCaller: () => sites.go(-1),
		backToSignature: () => sites.back(),
		showChanges: () => tree.reveal(),
		scanCodebase: () => scan(),
		findFunction: () => functions.find(),
	};
	return Object.entries(handlers).map(([name, handler]) => commands.registerCommand(`co-clone.${name}`, handler));
}

function changeFor(changes: Changes, argument: unknown): PlannedChange | undefined {
	if (typeof argument === 'string') return changes.find(argument);
	if (isNode(argument)) return changes.find(argument.change.id);
	const editor = window.activeTextEditor;
	const atCursor = editor && changes.declaredAt(editor.document.uri, editor.selection.active.line);
	return atCursor ?? changes.typed[0] ?? changes.all[0];
}

/** A row of the list, whose menu was used. */
function isNode(argument: unknown): argument is { readonly change: { readonly id: string } } {
	return typeof argument === 'object' && argument !== null && 'change' in argument;
}

/** All that was typed, unless one is named. */
function chosenChanges(changes: Changes, argument: unknown): readonly PlannedChange[] {
	if (argument === undefined) return changes.typed;
	const change = changeFor(changes, argument);
	return change ? [change] : [];
}

async function update(
	{ applier, changes, watch }: SignatureParts,
	choose: (changes: Changes) => readonly PlannedDependent[],
	hasPreview = false,
): Promise<void> {
	const apply = () => applier.apply(choose, hasPreview);
	// A preview waits for somebody.
	const done = await (hasPreview
		? apply()
		: window.withProgress({ location: ProgressLocation.Window, title: 'Co-Clone updates callers' }, apply));
	tell(done);
	// Nobody waits for it: the callers are updated.
	if (done.given.length > 0) void checkValues(done.given, changes, watch);
}

function tell({ done, refused }: Application): void {
	if (refused.length > 0) {
		void window.showWarningMessage(`Co-Clone changed nothing: ${refused[0]} is being changed meanwhile. Try again in a moment.`);
		return;
	}
	const files = new Set(done.map(({ path }) => path)).size;
	const places = done.length === 1 ? '1 place' : `${done.length} places`;
	window.setStatusBarMessage(
		done.length === 0 ? 'Nothing to update.' : `Updated ${places} in ${files === 1 ? '1 file' : `${files} files`}.`,
		5000,
	);
}

async function updateCaller(parts: SignatureParts, argument: unknown): Promise<void> {
	const editor = window.activeTextEditor;
	const id =
		typeof argument === 'string' ? argument : editor && parts.changes.dependentAt(editor.document.uri, editor.selection.active)?.id;
	const one = (changes: Changes) => changes.all.flatMap(editable).filter((dependent) => dependent.id === id);
	await update(parts, one);
	if (argument === undefined) await parts.sites.go(1);
}

async function peek(change: PlannedChange): Promise<void> {
	const locations = needing(change).map(({ path, range }) => new Location(uriOf(path), rangeOf(range)));
	await commands.executeCommand('editor.action.peekLocations', uriOf(change.path), rangeOf(change.nameRange).start, locations, 'peek');
}

async function choose(change: PlannedChange, { changes, model, setValues }: SignatureParts): Promise<void> {
	const hasModel = change.added.length > 0 && workspace.isTrusted && (await model?.values.isThere()) === true;
	const chosen = await chooseValues(change, hasModel);
	if (!chosen) return;
	const entries = Object.entries(chosen);
	const plain = entries.map(([name, choice]): [string, ValueChoice] => [name, choice.kind === 'model' ? { kind: 'variable' } : choice]);
	await setValues(change.id, Object.fromEntries(plain));
	const byModel = new Set(entries.flatMap(([name, { kind }]) => (kind === 'model' ? [name] : [])));
	const now = changes.find(change.id);
	if (byModel.size > 0 && model && now) await letModelChoose(now, byModel, changes, model);
}
