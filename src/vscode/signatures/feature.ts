import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Disposable, type ExtensionContext, type LogOutputChannel, languages, Position, ProgressLocation, window, workspace } from 'vscode';
import type { LanguageModel } from '../../model/language-model.ts';
import { trackedLanguages } from '../../tracking/language-ids.ts';
import type { EarlierText, TrackingReport } from '../../tracking/wire.ts';
import { WorkerSignatures } from '../../tracking/worker-signatures.ts';
import { LateProgress } from '../late-progress.ts';
import { readSettings } from '../settings.ts';
import { Applier } from './apply.ts';
import { Changes } from './changes.ts';
import { registerSignatureCommands } from './commands.ts';
import { countItem } from './count-item.ts';
import { EditorChat } from './editor-chat.ts';
import { ExpressionCheck } from './expression-check.ts';
import { ModelValues, type SignatureModel } from './fill.ts';
import { FunctionsView } from './functions.ts';
import { CallersLens } from './lens.ts';
import { CallersLightbulb } from './lightbulb.ts';
import { uriOf } from './places.ts';
import { Preview, previewScheme } from './preview.ts';
import { referencesTo } from './references.ts';
import { RevisionTexts } from './revision.ts';
import { Sites } from './sites.ts';
import { StaleCalls } from './stale-calls.ts';
import { ChangesTree } from './tree.ts';
import { Watch } from './watch.ts';

/** In milliseconds: a plan that takes longer is not waited for, and one that does shows its progress. */
const patience = { plan: 30_000, silent: 1500 };

/** Everything about signatures in one window. The thread begins when something is edited that may be a signature, and where there is something to compare. */
export class SignatureTracking implements Disposable {
	readonly #log: LogOutputChannel;
	readonly #worker: WorkerSignatures;
	readonly #watch: Watch;
	readonly #changes = new Changes();
	readonly #functions = new FunctionsView();
	readonly #values: ModelValues | undefined;
	readonly #expressions = new ExpressionCheck((order) => this.#worker.tell(order));
	readonly #subscriptions: Disposable;
	readonly #waiting: (() => void)[] = [];
	#onScanned: (() => void) | undefined;
	#showProgress: ((message: string) => void) | undefined;
	readonly #planning = new LateProgress('Co-Clone looks for callers', patience.silent);

	constructor(context: ExtensionContext, log: LogOutputChannel, model?: SignatureModel) {
		this.#log = log;
		this.#values = model && new ModelValues(valueModel(model.model), (order) => this.#worker.tell(order));
		const storage = context.storageUri?.fsPath;
		this.#worker = new WorkerSignatures({
			script: context.asAbsolutePath(join('dist', 'signature-worker.cjs')),
			grammars: context.asAbsolutePath(join('dist', 'grammars')),
			storage,
			onReport: (report) => this.#heed(report),
			onStart: () => this.#watch.tellAll(),
		});
		this.#watch = new Watch(
			(order) => this.#worker.tell(order),
			() => this.#worker.start(),
		);
		const tree = new ChangesTree(this.#changes);
		const preview = new Preview(this.#changes);
		const applier = new Applier(
			this.#changes,
			this.#watch,
			() => this.#replan(),
			(paths) => this.#worker.tell({ kind: 'applied', paths }),
		);
		const selector = trackedLanguages.map((language) => ({ scheme: 'file', language }));
		this.#subscriptions = Disposable.from(
			this.#watch,
			this.#changes,
			this.#functions,
			tree,
			countItem(this.#changes),
			new StaleCalls(this.#changes),
			workspace.registerTextDocumentContentProvider(previewScheme, preview),
			languages.registerCodeLensProvider(selector, new CallersLens(this.#changes)),
			languages.registerCodeActionsProvider(selector, new CallersLightbulb(this.#changes), {
				providedCodeActionKinds: CallersLightbulb.kinds,
			}),
			new RevisionTexts((texts) => this.#heedRevision(texts)),
			...registerSignatureCommands({
				changes: this.#changes,
				applier,
				watch: this.#watch,
				preview,
				sites: new Sites(this.#changes),
				tree,
				functions: this.#functions,
				model: this.#values && model && { values: this.#values, explain: model.explain },
				whyNot: (languageId, text) => this.#expressions.whyNot(languageId, text),
				setValues: async (change, values) => {
					this.#worker.tell({ kind: 'values', change, values });
					await this.#replan();
				},
				forget: (change) => {
					this.#worker.tell({ kind: 'forget', change });
					this.#changes.drop(change);
				},
				scan: () => this.#scan(),
			}),
		);
		this.#watch.openVisible();
		// What was scanned once is compared with what other programs did since.
		if (storage !== undefined && existsSync(join(storage, 'signatures.json'))) this.#worker.start();
	}

	dispose(): void {
		this.#subscriptions.dispose();
		void this.#worker.close();
	}

	/** What differs from the last commit may be a signature. */
	#heedRevision(texts: readonly EarlierText[]) {
		if (texts.length > 0) this.#worker.start();
		this.#worker.tell({ kind: 'earlier', texts });
	}

	/** Resolves when there is a plan for the texts as they are, or after a while. */
	#replan(): Promise<void> {
		this.#worker.tell({ kind: 'plan' });
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, patience.plan);
			this.#waiting.push(() => {
				clearTimeout(timer);
				resolve();
			});
		});
	}

	async #scan(): Promise<void> {
		this.#worker.start();
		await window.withProgress({ location: ProgressLocation.Notification, title: 'Co-Clone reads every function' }, async (progress) => {
			this.#showProgress = (message) => progress.report({ message });
			const scanned = new Promise<void>((resolve) => {
				this.#onScanned = resolve;
			});
			this.#worker.tell({ kind: 'scan' });
			await scanned;
			this.#showProgress = undefined;
		});
	}

	#heed(report: TrackingReport) {
		if (report.kind === 'begun') void this.#askForReferences(report);
		else if (report.kind === 'ended') this.#watch.setEdited(report.path, false);
		else if (report.kind === 'progress') this.#progressed(`${report.done} of ${report.total} files`);
		else if (report.kind === 'fault') this.#log.error(report.message);
		else if (report.kind === 'questions' || report.kind === 'judged') this.#values?.heed(report);
		else if (report.kind === 'checked') this.#expressions.heed(report);
		else if (report.kind === 'functions') {
			this.#log.info(`${report.functions.length} functions in ${report.files} files after ${Math.round(report.ms)} ms.`);
			void this.#functions.show(report.functions, report.files);
			this.#onScanned?.();
		} else {
			this.#log.debug(`${report.changes.length} signatures changed; ${report.files} files searched in ${Math.round(report.ms)} ms.`);
			if (!report.isPartial) this.#planning.end();
			this.#changes.take(report);
			if (!report.isPartial) for (const resolve of this.#waiting.splice(0)) resolve();
		}
	}

	#progressed(message: string) {
		if (this.#showProgress) this.#showProgress(message);
		else this.#planning.report(message);
	}

	/** At once: what the language server knows now is about the old signature. */
	async #askForReferences({ change, path, at }: Extract<TrackingReport, { kind: 'begun' }>) {
		this.#watch.setEdited(path, true);
		const places = await referencesTo(uriOf(path), new Position(at.line, at.character));
		this.#worker.tell({ kind: 'references', change, places: places.filter((place) => place.path !== path) });
	}
}

/** Whom the setting names, at each question. */
function valueModel(local: LanguageModel): LanguageModel {
	const chat = new EditorChat();
	const chosen = () => (readSettings().holes === 'editor' ? chat : local);
	return { facts: (signal) => chosen().facts(signal), generate: (options, signal) => chosen().generate(options, signal) };
}
