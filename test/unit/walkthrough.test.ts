import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

interface Step {
	readonly id: string;
	readonly title: string;
	readonly description: string;
	readonly media: { readonly svg: string; readonly altText: string };
	readonly completionEvents: readonly string[];
}

const read = (path: string) => readFileSync(path, 'utf8');
const { contributes } = JSON.parse(read('package.json'));
const commands: string[] = contributes.commands.map(({ command }: { command: string }) => command);
const [walkthrough]: { id: string; steps: Step[] }[] = contributes.walkthroughs;
assert.ok(walkthrough);
const sources = [
	...readdirSync('src/vscode', { recursive: true, encoding: 'utf8' }).map((file) => `src/vscode/${file}`),
	'src/model/machine.ts',
]
	.filter((file) => file.endsWith('.ts'))
	.map(read)
	.join('\n');

/** What stands in a picture, text by text, the pieces of one text together. */
function textsIn(svg: string): string[] {
	const texts = [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, text = '']) => text.replaceAll(/<[^>]+>/g, ''));
	return texts.map((text) => text.trim()).filter(Boolean);
}

describe('the walkthrough', () => {
	it('is the one that the command opens', () => assert.ok(sources.includes(`\${extension.id}#${walkthrough.id}`)));

	for (const { id, description, media, completionEvents } of walkthrough.steps) {
		describe(id, () => {
			const svg = read(media.svg);

			it('leads only to commands that there are', () => {
				const linked = [...description.matchAll(/\(command:([\w.-]+)\)/g)].map(([, command = '']) => command);
				const awaited = completionEvents.flatMap((event) => /^onCommand:(.*)$/.exec(event)?.[1] ?? []);
				assert.ok(linked.length > 0);
				for (const command of [...linked, ...awaited]) assert.ok(commands.includes(command), command);
			});

			it('is done when something has happened that we say', () => {
				assert.ok(completionEvents.length > 0);
				for (const event of completionEvents) {
					const [, key] = /^onContext:([\w.-]+)/.exec(event) ?? [];
					if (key) assert.ok(sources.includes(`'setContext', '${key}'`), key);
					else assert.match(event, /^onCommand:/);
				}
			});

			it('has a small picture, in the colours of every theme, that can be read aloud', () => {
				assert.ok(svg.length < 5000, `${svg.length} bytes`);
				assert.match(svg, /^<svg [^>]*role="img" aria-label="[^"]{20,}"/);
				assert.ok(media.altText.length > 20);
				for (const [, colour = ''] of svg.matchAll(/(?:fill|stroke)="([^"]*)"/g))
					assert.match(colour, /^(none|transparent|var\(--vscode-.+\))$/);
				// Where the picture is shown nothing may be loaded, and no style of its own applies.
				assert.doesNotMatch(svg, /<(style|script|image|foreignObject)| style=|href=/);
			});
		});
	}

	it('shows every entry of the menu, as long as nothing is turned off', () => {
		const labels = [...read('src/vscode/menu.ts').matchAll(/\$\([\w-]+\) ([^'$]+)'/g)].map(([, label = '']) => label);
		const [title, ...entries] = textsIn(read('media/walkthrough/status.svg')).slice(0, -3);
		assert.equal(title, 'Co-Clone');
		const otherwise = ['Turn On', 'Suggest While Typing'];
		assert.deepEqual(entries.toSorted(), labels.filter((label) => !otherwise.includes(label)).toSorted());
	});

	it('shows the list of models in the words of the list', () => {
		const picture = textsIn(read('media/walkthrough/model.svg')).join('\n');
		const phrases = [
			...['Model for Completions', 'What is here already, and what can be downloaded'],
			...['A suitable model of Ollama if that answers, else the embedded engine', 'embedded engine'],
			...['recommended for this machine', ' to download', ' tokens/s here', ': slow', 'Ollama, installed', ' tokens/s, measured here'],
		];
		for (const phrase of phrases) {
			assert.ok(picture.includes(phrase), `${phrase}: not in the picture`);
			assert.ok(sources.includes(phrase), `${phrase}: not in the list`);
		}
	});

	it('suggests what the sample is about', () => {
		const picture = textsIn(read('media/walkthrough/suggestion.svg')).join('\n');
		assert.match(picture, /export function add\(left: number, right: number\)/);
		assert.ok(sources.includes('export function add(left: number, right: number)'));
	});
});
