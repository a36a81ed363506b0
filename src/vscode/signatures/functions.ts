import {
	commands,
	type Disposable,
	EventEmitter,
	Range,
	ThemeIcon,
	type TreeDataProvider,
	TreeItem,
	TreeItemCollapsibleState,
	type TreeView,
	window,
	workspace,
} from 'vscode';
import type { FoundFunction } from '../../tracking/wire.ts';
import { uriOf } from './places.ts';

type Node = string | FoundFunction;

/** “Functions”: every function of the workspace by its file, as the last scan found them. */
export class FunctionsView implements TreeDataProvider<Node>, Disposable {
	readonly #changed = new EventEmitter<void>();
	readonly onDidChangeTreeData = this.#changed.event;
	readonly #view: TreeView<Node>;
	#byFile: ReadonlyMap<string, readonly FoundFunction[]> = new Map();

	constructor() {
		this.#view = window.createTreeView<Node>('co-clone.functions', { treeDataProvider: this, showCollapseAll: true });
	}

	async show(functions: readonly FoundFunction[], files: number): Promise<void> {
		const byFile = new Map<string, FoundFunction[]>();
		for (const found of functions) {
			const own = byFile.get(found.path);
			if (own) own.push(found);
			else byFile.set(found.path, [found]);
		}
		this.#byFile = byFile;
		this.#view.message = `${functions.length} functions in ${byFile.size} of ${files} files. Changes from now on are compared with these.`;
		await commands.executeCommand('setContext', 'coClone.hasFunctions', true);
		this.#changed.fire();
		await commands.executeCommand('co-clone.functions.focus');
	}

	/** Among all of them, by any part of the name or of the path. */
	async find(): Promise<void> {
		const all = [...this.#byFile.values()].flat();
		const items = all.map((found) => ({
			label: found.written,
			description: `${workspace.asRelativePath(uriOf(found.path))}:${found.line + 1}`,
			found,
		}));
		const picked = await window.showQuickPick(items, { placeHolder: `One of ${all.length} functions`, matchOnDescription: true });
		if (picked) await window.showTextDocument(uriOf(picked.found.path), { selection: lineOf(picked.found) });
	}

	getChildren(node?: Node): Node[] {
		if (node === undefined) return [...this.#byFile.keys()].toSorted();
		return typeof node === 'string' ? [...(this.#byFile.get(node) ?? [])] : [];
	}

	getTreeItem(node: Node): TreeItem {
		if (typeof node !== 'string') return functionItem(node);
		const item = new TreeItem(uriOf(node), TreeItemCollapsibleState.Collapsed);
		item.label = workspace.asRelativePath(uriOf(node));
		item.description = String(this.#byFile.get(node)?.length ?? 0);
		item.iconPath = ThemeIcon.File;
		return item;
	}

	dispose(): void {
		this.#view.dispose();
		this.#changed.dispose();
	}
}

function functionItem(found: FoundFunction): TreeItem {
	const item = new TreeItem(found.written);
	item.tooltip = found.written;
	item.iconPath = new ThemeIcon('symbol-method');
	item.command = {
		title: 'Open',
		command: 'vscode.open',
		arguments: [uriOf(found.path), { selection: lineOf(found), preserveFocus: true }],
	};
	return item;
}

function lineOf({ line }: FoundFunction): Range {
	return new Range(line, 0, line, 0);
}
