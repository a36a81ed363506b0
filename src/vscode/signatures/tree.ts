import {
	type Disposable,
	EventEmitter,
	MarkdownString,
	ThemeIcon,
	type TreeDataProvider,
	TreeItem,
	TreeItemCheckboxState,
	TreeItemCollapsibleState,
	type TreeView,
	window,
	workspace,
} from 'vscode';
import { countOf, needs, partsOf } from '../../signature/count.ts';
import type { PlannedChange, PlannedDependent } from '../../tracking/wire.ts';
import { type Changes, needing, numberOf, ofClass, possible } from './changes.ts';
import { rangeOf, uriOf } from './places.ts';

type Node =
	| { readonly kind: 'change'; readonly change: PlannedChange }
	| { readonly kind: 'group'; readonly change: PlannedChange; readonly group: Group }
	| { readonly kind: 'dependent'; readonly dependent: PlannedDependent };

interface Group {
	readonly label: string;
	readonly icon: string;
	readonly of: (change: PlannedChange) => readonly PlannedDependent[];
}

const groups: readonly Group[] = [
	{ label: 'Certain', icon: 'check', of: (change) => ofClass(needing(change), 'D') },
	{ label: 'To confirm', icon: 'question', of: (change) => ofClass(needing(change), 'C') },
	{ label: 'With a value to fill in', icon: 'edit', of: (change) => ofClass(needing(change), 'L') },
	{ label: 'To look at', icon: 'warning', of: (change) => ofClass(needing(change), 'W') },
	{ label: 'Possible: the name is the same', icon: 'search', of: possible },
];

/** “Signature Changes”: each change, what depends on it by how sure its edit is, with a tick for each. */
export class ChangesTree implements TreeDataProvider<Node>, Disposable {
	readonly #changes: Changes;
	readonly #changed = new EventEmitter<void>();
	readonly onDidChangeTreeData = this.#changed.event;
	readonly #view: TreeView<Node>;

	constructor(changes: Changes) {
		this.#changes = changes;
		this.#view = window.createTreeView('co-clone.signatureChanges', { treeDataProvider: this, showCollapseAll: true });
		this.#view.onDidChangeCheckboxState(({ items }) => {
			for (const [node, state] of items) this.#tick(node, state === TreeItemCheckboxState.Checked);
			this.#changed.fire();
		});
		changes.onDidChange(() => this.#refresh());
	}

	/** Shows a change, or the first. */
	async reveal(change: PlannedChange | undefined = this.#changes.all[0]): Promise<void> {
		if (change) await this.#view.reveal({ kind: 'change', change }, { expand: 2, focus: true });
	}

	getChildren(node?: Node): Node[] {
		if (!node) return this.#changes.all.map((change) => ({ kind: 'change', change }));
		if (node.kind === 'change') {
			const present = groups.filter(({ of }) => of(node.change).length > 0);
			return present.map((group) => ({ kind: 'group', change: node.change, group }));
		}
		if (node.kind === 'group') return node.group.of(node.change).map((dependent) => ({ kind: 'dependent', dependent }));
		return [];
	}

	getParent(node: Node): Node | undefined {
		return node.kind === 'group' ? { kind: 'change', change: node.change } : undefined;
	}

	getTreeItem(node: Node): TreeItem {
		if (node.kind === 'change') return changeItem(node.change);
		return node.kind === 'group' ? this.#groupItem(node) : this.#dependentItem(node.dependent);
	}

	dispose(): void {
		this.#view.dispose();
		this.#changed.dispose();
	}

	#refresh() {
		const dependents = this.#changes.all.flatMap(needing);
		this.#view.badge = dependents.length === 0 ? undefined : { value: numberOf(dependents), tooltip: countOf(dependents) };
		this.#changed.fire();
	}

	#tick(node: Node, isTicked: boolean) {
		const dependents = node.kind === 'dependent' ? [node.dependent] : node.kind === 'group' ? node.group.of(node.change) : [];
		for (const dependent of dependents) this.#changes.tick(dependent, isTicked);
	}

	#groupItem({ change, group: { label, icon, of } }: Extract<Node, { kind: 'group' }>): TreeItem {
		const dependents = of(change);
		const item = new TreeItem(label, TreeItemCollapsibleState.Expanded);
		item.id = `${change.id} ${label}`;
		item.description = dependents.every(needs) ? partsOf(dependents) : String(dependents.length);
		item.iconPath = new ThemeIcon(icon);
		const editable = dependents.filter(({ edits }) => edits.length > 0);
		if (editable.length > 0) item.checkboxState = checkbox(editable.every((dependent) => this.#changes.isTicked(dependent)));
		return item;
	}

	#dependentItem(dependent: PlannedDependent): TreeItem {
		const { path, range, line, edits, id } = dependent;
		const reason = this.#changes.reasonOf(dependent);
		const uri = uriOf(path);
		const item = new TreeItem(line || workspace.asRelativePath(uri));
		item.id = id;
		item.description = `${workspace.asRelativePath(uri)}:${range.start.line + 1}`;
		item.tooltip = reason;
		item.command = { title: 'Open', command: 'vscode.open', arguments: [uri, { selection: rangeOf(range), preserveFocus: true }] };
		item.accessibilityInformation = { label: `${line}, ${item.description}. ${reason}` };
		if (edits.length > 0) item.checkboxState = checkbox(this.#changes.isTicked(dependent));
		return item;
	}
}

function checkbox(isTicked: boolean): TreeItemCheckboxState {
	return isTicked ? TreeItemCheckboxState.Checked : TreeItemCheckboxState.Unchecked;
}

function changeItem(change: PlannedChange): TreeItem {
	const { id, name, path, before, after, origin, nameRange, operations } = change;
	const item = new TreeItem(after, TreeItemCollapsibleState.Expanded);
	item.id = id;
	item.contextValue = 'change';
	item.description = origin === 'typed' ? name : 'changed outside';
	const uri = uriOf(path);
	const done = operations.map(({ kind, parameter }) => (parameter === undefined ? kind : `${kind} ${parameter}`)).join(', ');
	const tooltip = new MarkdownString(`${workspace.asRelativePath(uri)}: ${done}. ${countOf(needing(change))}.\n`);
	item.tooltip = tooltip.appendCodeblock(`- ${before}\n+ ${after}`, 'diff');
	item.iconPath = new ThemeIcon('symbol-method');
	item.command = { title: 'Open', command: 'vscode.open', arguments: [uri, { selection: rangeOf(nameRange), preserveFocus: true }] };
	return item;
}
