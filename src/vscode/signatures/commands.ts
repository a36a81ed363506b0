import { commands, type Disposable, Location, type Position, ProgressLocation, Range, window, workspace } from 'vscode';
import { countOf } from '../../signature/count.ts';
import type { PlannedChange, PlannedDependent, ValueChoice } from '../../tracking/wire.ts';
import type { Application, Applier } from './apply.ts';
import { type Changes, editable, needing, ofClass } from './changes.ts';
import { checkValues } from './check-values.ts';
import { chooseValues } from './choose-values.ts';
import type { ModelValues, SignatureModel } from './fill.ts';
import type { FunctionsView } from './functions.ts';
import { letModelChoose } from './let-model-choose.ts';
import { menu } from './menu.ts';
import { pathOf, rangeOf, uriOf } from './places.ts';
import type { Preview } from './preview.ts';
import type { Sites } from './sites.ts';
import type { ChangesTree } from './tree.ts';
import { UpdateProgress } from './update-progress.ts';
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
	/** Why a text is no expression of a language; undefined where it is one. */
	readonly whyNot: (languageId: string, text: string) => Promise<string | undefined>;
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
	const progress = new UpdateProgress();
	try {
		const apply = () => applier.apply(choose, progress, hasPreview);
		// A preview waits for somebody.
		const done = await (hasPreview
			? apply()
			: window.withProgress({ location: ProgressLocation.Window, title: 'Co-Clone updates callers' }, apply));
		tell(done);
		// Nobody waits for it: the callers are updated.
		if (done.given.length > 0) void checkValues(done.given, changes, watch);
	} catch (error) {
		if (!progress.signal.aborted) throw error;
	} finally {
		progress.dispose();
	}
}

function tell({ done, refused, isRejected = false }: Application): void {
	const files = new Set(done.map(({ path }) => path)).size;
	const places = done.length === 1 ? '1 place' : `${done.length} places`;
	const updated = `Updated ${places} in ${files === 1 ? '1 file' : `${files} files`}.`;
	const [changed, ...others] = refused;
	if (isRejected)
		void window.showWarningMessage('Co-Clone changed nothing: the editor cannot open all of the files. Save what is open, and try again.');
	else if (changed !== undefined) {
		const path = workspace.asRelativePath(uriOf(changed));
		const who = others.length === 0 ? `${path} is` : `${path} and ${others.length} more are`;
		const said = done.length === 0 ? 'Co-Clone changed nothing' : `${updated} Not all`;
		void window.showWarningMessage(`${said}: ${who} being changed meanwhile. Try again in a moment.`);
	} else window.setStatusBarMessage(done.length === 0 ? 'Nothing to update.' : updated, 5000);
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
	await commands.executeCommand('editor.action.peekLocations', uriOf(change.path), anchorOf(change), locations, 'peek');
}

/** The peek opens at a place and leaves the cursor there: whoever is still in the signature stays where they are. */
function anchorOf({ path, nameRange }: PlannedChange): Position {
	const { start } = rangeOf(nameRange);
	const editor = window.activeTextEditor;
	if (!editor || pathOf(editor.document.uri) !== path) return start;
	const { active } = editor.selection;
	const between = editor.document.getText(new Range(start, active));
	const isInside = active.line === start.line || (active.isAfter(start) && between.split('(').length > between.split(')').length);
	return isInside ? active : start;
}

async function choose(change: PlannedChange, { changes, model, whyNot, setValues }: SignatureParts): Promise<void> {
	const hasModel = change.added.length > 0 && workspace.isTrusted && (await model?.values.isThere()) === true;
	const chosen = await chooseValues(change, hasModel, (text) => whyNot(change.languageId, text));
	if (!chosen) return;
	const entries = Object.entries(chosen);
	const plain = entries.map(([name, choice]): [string, ValueChoice] => [name, choice.kind === 'model' ? { kind: 'variable' } : choice]);
	await setValues(change.id, Object.fromEntries(plain));
	const byModel = new Set(entries.flatMap(([name, { kind }]) => (kind === 'model' ? [name] : [])));
	const now = changes.find(change.id);
	if (byModel.size > 0 && model && now) await letModelChoose(now, byModel, changes, model);
}
