import assert from 'node:assert/strict';
import { QuickPickItemKind } from 'vscode';
import { knownGgufs } from '../../src/model/known-gguf.ts';
import { knownModels } from '../../src/model/ollama-pull.ts';
import { type Choice, modelChoices, type Offer } from '../../src/vscode/model-choices.ts';

/** Two cores, nothing installed, no Ollama. */
const bare: Offer = {
	ollama: undefined,
	embedded: knownGgufs,
	installed: new Set(),
	machine: { cores: 2, memory: 8e9 },
	measured: () => undefined,
	current: 'auto',
};

/** As the list shows it: one line for each entry. */
function lines(choices: readonly Choice[]): string[] {
	return choices.map(({ label, description, detail, kind }) => {
		if (kind === QuickPickItemKind.Separator) return `── ${label}`;
		return [label.replace(/\$\(cloud-download\) /, '↓ ').replace(/\$\(check\) /, '✓ '), description, detail].filter(Boolean).join(' | ');
	});
}

describe('the list of models', () => {
	it('on a bare machine says what would be downloaded, also by what chooses automatically', () => {
		assert.deepEqual(lines(modelChoices(bare)), [
			'✓ Automatic | Nothing is here yet: downloads qwen2.5-coder-0.5b, 0.5 GB, Apache-2.0',
			'── embedded engine',
			'↓ qwen2.5-coder-0.5b | recommended for this machine | 0.5 GB to download, Apache-2.0, about 28 tokens/s here',
			'↓ qwen2.5-coder-1.5b | 1.1 GB to download, Apache-2.0, about 9 tokens/s here: slow',
			'↓ qwen2.5-coder-7b | 4.7 GB to download, Apache-2.0, about 2 tokens/s here: slow',
			'$(folder-opened) A GGUF file… | Of a model that can fill holes in code',
			'── Ollama does not answer',
			'$(link-external) Get Ollama… | Runs larger models, also on a graphics card',
		]);
	});

	it('counts on a graphics card for what fits into its memory', () => {
		const gpu = { name: 'GeForce GTX 1650', memory: 4e9, isShared: false };
		const embedded = lines(modelChoices({ ...bare, machine: { ...bare.machine, gpu } })).slice(2, 5);
		assert.deepEqual(embedded, [
			'↓ qwen2.5-coder-0.5b | 0.5 GB to download, Apache-2.0, at least 204 tokens/s on GeForce GTX 1650',
			'↓ qwen2.5-coder-1.5b | recommended for this machine | 1.1 GB to download, Apache-2.0, at least 89 tokens/s on GeForce GTX 1650',
			'↓ qwen2.5-coder-7b | 4.7 GB to download, Apache-2.0, about 2 tokens/s here: slow',
		]);
	});

	it('says of what is here how fast it was measured to be', () => {
		const choices = modelChoices({
			...bare,
			installed: new Set(['qwen2.5-coder-0.5b']),
			ollama: [
				{ name: 'deepseek-coder:6.7b-base', bytes: 3_800_000_000, canFill: true },
				{ name: 'llama3:8b', bytes: 4_700_000_000, canFill: false },
				{ name: 'starcoder2:3b', bytes: undefined, canFill: true },
			],
			measured: (name) => ({ 'qwen2.5-coder-0.5b': 31.4, 'deepseek-coder:6.7b-base': 40.6 })[name],
			current: 'ollama:deepseek-coder:6.7b-base',
		});
		const shown = lines(choices);
		assert.deepEqual(shown[0], 'Automatic | A suitable model of Ollama if that answers, else the embedded engine');
		assert.ok(shown.includes('qwen2.5-coder-0.5b | recommended for this machine | 0.5 GB, Apache-2.0, 31 tokens/s, measured here'));
		assert.ok(shown.includes('✓ deepseek-coder:6.7b-base | 3.8 GB, 41 tokens/s, measured here'));
		assert.ok(shown.includes('starcoder2:3b'));
		assert.ok(!shown.some((line) => line.includes('llama3')), 'it cannot fill holes');
	});

	it('fetches what has to be fetched, and nothing that is here', () => {
		const [automatic, , small] = modelChoices(bare);
		assert.equal(automatic?.download?.name, 'qwen2.5-coder-0.5b');
		assert.equal(small?.download?.name, 'qwen2.5-coder-0.5b');
		const [also, , here] = modelChoices({ ...bare, installed: new Set(['qwen2.5-coder-0.5b']) });
		assert.deepEqual([also?.download, here?.download], [undefined, undefined]);
		assert.equal(modelChoices({ ...bare, ollama: [{ name: 'codegemma:2b', bytes: 1, canFill: true }] })[0]?.download, undefined);
		assert.equal(modelChoices({ ...bare, embedded: undefined })[0]?.download, undefined);
	});

	it('says size and licence of everything that is downloaded', () => {
		const all = modelChoices({ ...bare, ollama: [] }).filter(({ pull, download, model }) => (pull ?? download) && model !== 'auto');
		assert.equal(all.length, knownGgufs.length + knownModels.length);
		for (const { label, detail } of all) assert.match(detail ?? '', /^[\d.]+ GB to download, [A-Z][\w ().-]+, .+/, label);
	});
});
