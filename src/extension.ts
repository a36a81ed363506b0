import { commands, type ExtensionContext, window, workspace } from 'vscode';
import { CompletionEngine } from './completion/complete.ts';
import { Health } from './completion/health.ts';
import { observed } from './completion/observed-model.ts';
import { Ignored } from './context/ignored.ts';
import { readLater } from './context/index/rule-files.ts';
import { ollamaSettings, parseBackend, unknownServer } from './model/backend.ts';
import { ChosenModel } from './model/chosen.ts';
import { EmbeddedModel } from './model/embedded.ts';
import { embeddedSettings } from './model/embedded-settings.ts';
import { EngineClient } from './model/engine-client.ts';
import { FallbackModel } from './model/fallback.ts';
import { GatewayModel } from './model/gateway-model.ts';
import { GuardedModel } from './model/hosts.ts';
import { ModelStore } from './model/model-store.ts';
import { OllamaModel } from './model/ollama.ts';
import { ServerModel } from './model/server-model.ts';
import { StandInModel } from './model/stand-in.ts';
import { delay } from './std/abortable.ts';
import { Calls, endsAtOnceIf } from './std/hanging.ts';
import { showFailure } from './vscode/advice.ts';
import { Battery } from './vscode/battery.ts';
import { lastReport } from './vscode/check-model.ts';
import { registerCommands } from './vscode/commands.ts';
import { Consent } from './vscode/consent.ts';
import { CompleteWithContext } from './vscode/context/complete-with-context.ts';
import { EditorContext } from './vscode/context/editor-context.ts';
import { Trail } from './vscode/context/trail.ts';
import { WorkspaceFiles } from './vscode/context/workspace-files.ts';
import { announceDevice, engineProgram, modelsFolder, usableGpu } from './vscode/embedded.ts';
import { firstRun } from './vscode/first-run.ts';
import { gatewaySwitch } from './vscode/gateway-switch.ts';
import { GhostTextProvider, showGhostText } from './vscode/ghost-text.ts';
import { watchIgnored } from './vscode/ignored-files.ts';
import { Imports } from './vscode/imports.ts';
import { createIndex, Indexing } from './vscode/indexing.ts';
import { Inspector } from './vscode/inspector.ts';
import { Journal } from './vscode/journal.ts';
import { Notices, noticeEditorSetting } from './vscode/notices.ts';
import { OnScreen } from './vscode/on-screen.ts';
import { openTexts } from './vscode/open-texts.ts';
import { Pauses } from './vscode/pauses.ts';
import { places } from './vscode/places.ts';
import { isOnBattery, lookEveryMs } from './vscode/power.ts';
import { readSettings, watchSettings } from './vscode/settings.ts';
import { GatewaySignIn, gatewayAt } from './vscode/sign-in.ts';
import { signatureTracking } from './vscode/signature-tracking.ts';
import { Snooze } from './vscode/snooze.ts';
import { Bookkeeper } from './vscode/statistics.ts';
import { StatisticsView } from './vscode/statistics-view.ts';
import { Status } from './vscode/status.ts';
import { Walkthrough } from './vscode/walkthrough.ts';
import { warmUp } from './vscode/warm-up.ts';

/** Builds every object once and hands it what it needs. */
export function activate(context: ExtensionContext): void {
	const started = performance.now();
	context.subscriptions.push(watchSettings());
	const now = () => performance.now();
	const log = window.createOutputChannel('Co-Clone', { log: true });
	const folder = modelsFolder(context);
	const backend = () => parseBackend(readSettings().model);
	const ollamaPlace = () => ollamaSettings(backend(), readSettings().ollamaUrl);
	const consent = new Consent(context.globalState, () => forgetAnswers());
	const forgetAnswers = () => {
		server.reset();
		completions.reset();
		health.reset();
		status.refresh();
		void ghostText.askAnew();
	};
	const signIn = new GatewaySignIn(context.secrets, { wall: Date.now, steady: now, delay }, forgetAnswers);
	const serverUrl = () => unknownServer(backend()) ?? ollamaPlace().url;
	const gateway = new GatewayModel(() => gatewayAt(serverUrl(), readSettings().location, signIn), now);
	const either = new ServerModel(gateway, new OllamaModel(() => ({ url: serverUrl(), model: undefined })), () => unknownServer(backend()));
	const remote = new GuardedModel(either, () => consent.check(serverUrl()));
	const ollama = new GuardedModel(new OllamaModel(ollamaPlace), () => {
		if (backend().kind === 'server') consent.heed(ollamaPlace().url);
		else consent.check(ollamaPlace().url);
	});
	const engine = new EngineClient(() => engineProgram(context, readSettings()));
	const embedded = new EmbeddedModel(() => embeddedSettings(backend(), [folder]), engine, announceDevice(log));
	const notices = new Notices(context.globalState, log);
	const eitherModel = new FallbackModel(ollama, embedded, now, (why, facts) => notices.fellBack(why, facts));
	const hasEngine = engineProgram(context, readSettings()) !== undefined;
	const auto = hasEngine ? eitherModel : ollama;
	const server = new StandInModel(remote, auto, { now, delay, onChange: (absence) => notices.stoodIn(absence) });
	const model = new ChosenModel(backend, { server, ollama, embedded, auto });
	const pauses = new Pauses(new Snooze(), new Battery(isOnBattery, lookEveryMs));
	const books = new Bookkeeper(context.globalState);
	const health = new Health(
		(name) => books.speedOf(name).answerMs,
		() => {
			status.refresh();
			notices.heedSlowness(health.complaint);
		},
	);
	const asked = observed(model, now, () => {
		const count = books.asked(window.activeTextEditor?.document.languageId ?? '');
		return (use) => {
			count(use);
			health.take(use);
		};
	});
	const disk = new Calls();
	endsAtOnceIf(() => disk.isHanging);
	const ignored = new Ignored(places, (path) => disk.watch(readLater(path)));
	const index = createIndex(context, log);
	const files = new WorkspaceFiles(ignored, disk);
	const trail = new Trail(files);
	const elsewhere = new EditorContext(index, trail, files, log);
	const policy = () => ({ ...pauses.policy(), isIgnored: (path: string) => ignored.isListed(path) });
	const completions = new CompletionEngine({
		model: asked,
		policy,
		now,
		delay,
		openTexts: (request) => openTexts(request, ignored),
		context: elsewhere.choose,
	});
	const journal = new Journal(log);
	const inspector = new Inspector(journal);
	const onScreen = new OnScreen(completions);
	const ghostText = new GhostTextProvider(completions, journal, onScreen);
	const status = new Status(
		() => lastReport(context.globalState),
		() => health.complaint,
		pauses,
		() => (backend().kind === 'server' ? server.absence : undefined),
	);
	const walkthrough = new Walkthrough(context);
	const store = new ModelStore(folder);
	journal.onOutcome((entry) => status.record(entry));
	journal.onOutcome((entry) => notices.heed(entry));
	journal.onOutcome((entry) => books.record(entry));
	journal.onOutcome((entry) => walkthrough.heed(entry));
	const imports = new Imports();
	books.onAccept(() => walkthrough.accepted());
	books.onAccept(() => imports.accepted());
	const statistics = new StatisticsView(books, context.extensionUri);
	context.subscriptions.push(
		log,
		{ dispose: () => engine.close() },
		{ dispose: () => gateway[Symbol.dispose]() },
		pauses,
		watchIgnored(ignored, () => void ghostText.askAnew('rules-unread')),
		inspector,
		status,
		books,
		statistics,
		onScreen,
		imports,
		workspace.onDidChangeTextDocument((event) => books.changed(event)),
		workspace.onDidCloseTextDocument((document) => books.closed(document)),
		commands.registerCommand('co-clone.accepted', (shown: number) => books.accepted(shown)),
		showGhostText(ghostText),
		workspace.onDidChangeConfiguration((event) => {
			if (event.affectsConfiguration('co-clone')) forgetAnswers();
		}),
		warmUp(completions, (...place) => elsewhere.look(...place)),
		noticeEditorSetting(),
		new Indexing(index),
		trail,
		signatureTracking(context, log, { model, explain: (error) => showFailure(error, log) }),
		gatewaySwitch(context, log, { model, ignored }),
		firstRun({ context, ollama, store, hasEngine, walkthrough, notices }),
		...registerCommands({
			engine: completions,
			health,
			model,
			sources: {
				store,
				hasEngine,
				measured: (name) => books.speedOf(name).tokensPerSecond,
				gpu: () => usableGpu(engineProgram(context, readSettings())),
			},
			journal,
			statistics,
			ghostText,
			onScreen,
			pauses,
			policy,
			inspector,
			withContext: new CompleteWithContext(completions, elsewhere, journal, () => inspector.showUsed()),
			walkthrough,
			notices,
			imports,
			allowHost: () => consent.choose(serverUrl()),
			signIn: () => signIn.signIn(unknownServer(backend())),
			state: context.globalState,
			log,
			refresh: () => status.refresh(),
		}),
	);
	log.info(`Co-Clone ${context.extension.packageJSON.version} is ready after ${Math.round(performance.now() - started)} ms`);
}
