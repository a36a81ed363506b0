import { type QuickPickItem, QuickPickItemKind } from 'vscode';
import type { KnownGguf } from '../model/known-gguf.ts';
import { estimatedSpeed, type Machine, recommended } from '../model/machine.ts';
import { knownModels } from '../model/ollama-pull.ts';

export interface Choice extends QuickPickItem {
	/** As the setting has it; absent for headings. */
	readonly model?: string;
	/** Has to be pulled into Ollama first. */
	readonly pull?: string;
	/** Has to be downloaded first. */
	readonly download?: KnownGguf;
	/** The user is asked for a file. */
	readonly isFile?: true;
}

/** What there is to choose from. */
export interface Offer {
	/** Undefined where no Ollama answers. */
	readonly ollama: readonly { readonly name: string; readonly canFill: boolean }[] | undefined;
	readonly embedded: readonly KnownGguf[];
	/** Names of those of `embedded` that are here. */
	readonly installed: ReadonlySet<string>;
	readonly machine: Machine;
	/** The setting's value. */
	readonly current: string;
}

/** The entries of “Select Model”. */
export function modelChoices(offer: Offer): Choice[] {
	const mark = ({ label, ...choice }: Choice): Choice => ({
		...choice,
		label: choice.model === offer.current ? `$(check) ${label}` : label,
	});
	return [
		{ label: 'Automatic', description: 'a suitable model of Ollama if that answers, else the embedded engine', model: 'auto' },
		heading('embedded engine'),
		...embeddedChoices(offer),
		{ label: '$(folder-opened) A GGUF file…', description: 'of a model that can fill holes', isFile: true } as const,
		...ollamaChoices(offer),
	].map(mark);
}

function heading(label: string): Choice {
	return { label, kind: QuickPickItemKind.Separator };
}

function embeddedChoices({ embedded, installed, machine }: Offer): Choice[] {
	const best = recommended(embedded, machine);
	return embedded.map((model) => {
		const isHere = installed.has(model.name);
		const description = [
			isHere ? 'installed' : `${(model.bytes / 1e9).toFixed(1)} GB to download`,
			model.licence,
			`about ${Math.round(estimatedSpeed(model, machine))} tokens/s here`,
			...(model === best ? ['recommended'] : []),
		].join(', ');
		const choice = { label: `${isHere ? '' : '$(cloud-download) '}${model.name}`, description, model: `embedded:${model.name}` };
		return isHere ? choice : { ...choice, download: model };
	});
}

function ollamaChoices({ ollama }: Offer): Choice[] {
	if (!ollama) return [heading('Ollama does not answer')];
	const names = new Set(ollama.map(({ name }) => name));
	const missing = knownModels.filter(({ name }) => !names.has(name) && !names.has(`${name}:latest`));
	return [
		heading('Ollama, installed'),
		...ollama.filter(({ canFill }) => canFill).map(({ name }) => ({ label: name, model: `ollama:${name}` })),
		heading('Ollama, to pull'),
		...missing.map(({ name, size, about }) => ({
			label: `$(cloud-download) ${name}`,
			description: `${size}, ${about}`,
			model: `ollama:${name}`,
			pull: name,
		})),
	];
}
