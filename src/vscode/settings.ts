import { type Disposable, workspace } from 'vscode';
import type { CompletionPolicy } from '../completion/gate.ts';
import type { Eagerness } from '../completion/shape.ts';
import { ollamaUrl } from '../model/ollama-address.ts';

/** Every setting of `co-clone.*`, by its name. The README has a sentence for each. */
export interface Settings extends CompletionPolicy {
	readonly pauseOnBattery: boolean;
	/** See `parseBackend`. */
	readonly model: string;
	readonly ollamaUrl: string;
	/** Where the user says to be, for a gateway with regions; empty where they leave it to the time zone. */
	readonly location: string;
	/** Of the embedded engine. */
	readonly gpu: 'auto' | 'off';
	/** Whether code from elsewhere in the workspace is looked for. */
	readonly context: 'auto' | 'off';
	/** What is done about a missing import. */
	readonly imports: 'offer' | 'add' | 'off';
	/** Whether changed signatures are noticed. */
	readonly signatures: 'on' | 'off';
	/** Who is asked for the values that callers lack. */
	readonly holes: 'local' | 'editor';
	/** Whether other programs are answered. */
	readonly gateway: 'on' | 'off';
	/** Where; 0 for any port that is free. */
	readonly gatewayPort: number;
}

let isWatching = false;
let known: Settings | undefined;

/**
 * From now on settings are read anew only after one of them changed: a keystroke needs them many times, and the editor puts them together each
 * time. Whoever listens for changes too has to begin later.
 */
export function watchSettings(): Disposable {
	isWatching = true;
	const listening = workspace.onDidChangeConfiguration(() => {
		known = undefined;
	});
	return {
		dispose: () => {
			listening.dispose();
			isWatching = false;
			known = undefined;
		},
	};
}

/** All settings; cheap enough for every request. Values that make no sense count as not set. */
export function readSettings(): Settings {
	if (!isWatching) return read();
	known ??= read();
	return known;
}

function read(): Settings {
	const settings = workspace.getConfiguration('co-clone');
	const languages = settings.get<unknown>('languages');
	return {
		enabled: settings.get<unknown>('enabled') !== false,
		trigger: settings.get<unknown>('trigger') === 'manual' ? 'manual' : 'automatic',
		languages: isFlags(languages) ? { ...languages } : {},
		comments: settings.get<unknown>('comments') !== false,
		eagerness: eagernessOf(settings.get<unknown>('eagerness')),
		pauseOnBattery: settings.get<unknown>('pauseOnBattery') === true,
		model: text(settings.get<unknown>('model')) || 'auto',
		ollamaUrl: ollamaUrl(text(settings.get<unknown>('ollamaUrl')) || process.env['OLLAMA_HOST']),
		location: text(settings.get<unknown>('location')),
		gpu: settings.get<unknown>('gpu') === 'off' ? 'off' : 'auto',
		context: settings.get<unknown>('context') === 'off' ? 'off' : 'auto',
		imports: importsOf(settings.get<unknown>('imports')),
		signatures: settings.get<unknown>('signatures') === 'off' ? 'off' : 'on',
		holes: settings.get<unknown>('holes') === 'editor' ? 'editor' : 'local',
		gateway: settings.get<unknown>('gateway') === 'on' ? 'on' : 'off',
		gatewayPort: portOf(settings.get<unknown>('gatewayPort')),
	};
}

function text(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}

function eagernessOf(value: unknown): Eagerness {
	return value === 'line' || value === 'block' ? value : 'auto';
}

function importsOf(value: unknown): Settings['imports'] {
	return value === 'add' || value === 'off' ? value : 'offer';
}

function portOf(value: unknown): number {
	return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535 ? value : 8080;
}

function isFlags(value: unknown): value is Record<string, boolean> {
	return typeof value === 'object' && value !== null && Object.values(value).every((flag) => typeof flag === 'boolean');
}
