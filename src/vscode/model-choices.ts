import { type QuickPickItem, QuickPickItemKind } from 'vscode';
import type { KnownGguf } from '../model/known-gguf.ts';
import { isUseful, type Machine, recommended, speedText } from '../model/machine.ts';
import { type InstalledOllamaModel, knownModels } from '../model/ollama-pull.ts';

export interface Choice extends QuickPickItem {
	/** As the setting has it; absent for headings. */
	readonly model?: string;
	/** Has to be pulled into Ollama first. */
	readonly pull?: string;
	/** Has to be downloaded first. */
	readonly download?: KnownGguf;
	/** The user is asked for a file. */
	readonly isFile?: true;
	/** A page to open; nothing is chosen by that. */
	readonly page?: string;
}

/** What there is to choose from. */
export interface Offer {
	/** Undefined where no Ollama answers. */
	readonly ollama: readonly InstalledOllamaModel[] | undefined;
	/** Those for the embedded engine; undefined in a build that has none. */
	readonly embedded: readonly KnownGguf[] | undefined;
	/** Names of those of `embedded` that are here. */
	readonly installed: ReadonlySet<string>;
	readonly machine: Machine;
	/** Tokens a second that a model has been measured at on this machine. */
	readonly measured: (name: string) => number | undefined;
	/** The setting's value. */
	readonly current: string;
}

/** The entries of “Select Model”. */
export function modelChoices(offer: Offer): Choice[] {
	const mark = ({ label, ...choice }: Choice): Choice => ({
		...choice,
		label: choice.model === offer.current ? `$(check) ${label}` : label,
	});
	return [automatic(offer), ...embeddedChoices(offer), ...ollamaChoices(offer)].map(mark);
}

/** With nothing there to be chosen from, what is recommended has to be downloaded. */
function automatic({ ollama = [], embedded = [], installed, machine }: Offer): Choice {
	const choice = { label: 'Automatic', model: 'auto' };
	const isThere = installed.size > 0 || ollama.some(({ canFill }) => canFill);
	const best = isThere ? undefined : recommended(embedded, machine);
	if (!best) return { ...choice, detail: 'A suitable model of Ollama if that answers, else the embedded engine' };
	return { ...choice, detail: `Nothing is here yet: downloads ${best.name}, ${gigabytes(best.bytes)}, ${best.licence}`, download: best };
}

function embeddedChoices(offer: Offer): Choice[] {
	const { embedded, machine } = offer;
	if (!embedded) return [];
	const best = recommended(embedded, machine);
	return [
		heading('embedded engine'),
		...embedded.map((model) => ({
			...embeddedChoice(model, offer),
			...(model === best && { description: 'recommended for this machine' }),
		})),
		{ label: '$(folder-opened) A GGUF file…', detail: 'Of a model that can fill holes in code', isFile: true },
	];
}

function embeddedChoice(model: KnownGguf, { installed, machine, measured }: Offer): Choice {
	const { name, bytes, licence } = model;
	const isHere = installed.has(name);
	const rate = measured(name);
	const estimate = `${speedText(model, machine)}${isUseful(model, machine) ? '' : ': slow'}`;
	const facts = [`${gigabytes(bytes)}${isHere ? '' : ' to download'}`, licence, rate === undefined ? estimate : measuredText(rate)];
	const choice = { label: isHere ? name : `$(cloud-download) ${name}`, detail: facts.join(', '), model: `embedded:${name}` };
	return isHere ? choice : { ...choice, download: model };
}

function ollamaChoices({ ollama, measured }: Offer): Choice[] {
	if (!ollama) return [heading('Ollama does not answer'), getOllama];
	const names = new Set(ollama.map(({ name }) => name));
	const missing = knownModels.filter(({ name }) => !names.has(name) && !names.has(`${name}:latest`));
	return [
		heading('Ollama, installed'),
		...ollama.filter(({ canFill }) => canFill).map((model) => installedChoice(model, measured(model.name))),
		heading('Ollama, to pull'),
		...missing.map(({ name, size, licence, about }) => ({
			label: `$(cloud-download) ${name}`,
			detail: `${size} to download, ${licence}, ${about}`,
			model: `ollama:${name}`,
			pull: name,
		})),
	];
}

function installedChoice({ name, bytes }: InstalledOllamaModel, rate: number | undefined): Choice {
	const facts = [...(bytes === undefined ? [] : [gigabytes(bytes)]), ...(rate === undefined ? [] : [measuredText(rate)])];
	return { label: name, detail: facts.join(', '), model: `ollama:${name}` };
}

const getOllama: Choice = {
	label: '$(link-external) Get Ollama…',
	detail: 'Runs larger models, also on a graphics card',
	page: 'https://ollama.com/download',
};

function heading(label: string): Choice {
	return { label, kind: QuickPickItemKind.Separator };
}

function measuredText(tokensPerSecond: number): string {
	return `${Math.round(tokensPerSecond)} tokens/s, measured here`;
}

function gigabytes(bytes: number): string {
	return `${(bytes / 1e9).toFixed(1)} GB`;
}
