/**
 * How a family of models is asked to fill a hole in code ("fill in the middle", FIM). The strings are exact: a model that is
 * asked with another family's tokens answers with rubbish, so an unknown family is never guessed at.
 */
export interface FimTemplate {
	readonly family: string;
	/**
	 * The request for the text between `before` and `after`, of which `typed` is already there. Text that grows in `typed`
	 * leaves what the server has evaluated valid, because nothing comes after it.
	 */
	render(before: string, after: string, typed: string): RenderedPrompt;
	/**
	 * Other files of the same repository in front of a prompt, as the family saw them in training, with the path of the file that has the hole.
	 * Absent: they can only be comments in it.
	 */
	readonly repository?: ((name: string, files: readonly RepositoryFile[], path: string) => string) | undefined;
	/** Whether `typed` comes last in the prompt, after the suffix. */
	readonly growsAtEnd: boolean;
	/** Where the answer ends; the first 4 are sent to the server. */
	readonly stop: readonly string[];
	/** Must never be seen in an answer, nor be sent as if it were code. */
	readonly specialTokens: readonly string[];
}

interface RepositoryFile {
	readonly path: string;
	readonly text: string;
}

/** `suffix` is there only when the server puts the prompt together itself. */
interface RenderedPrompt {
	readonly prompt: string;
	readonly suffix?: string;
}

interface Family {
	readonly family: string;
	/** Matches the model's name without its registry, or what its file says of itself (`general.basename`). */
	readonly names: RegExp;
	/** Models of the family that were not trained to fill holes. */
	readonly except?: RegExp;
	readonly tokens: readonly [begin: string, hole: string, end: string];
	readonly suffixFirst?: true;
	readonly stop: readonly string[];
	readonly alsoSpecial?: readonly string[];
	readonly repository?: FimTemplate['repository'];
}

const chatMarks = ['<|im_start|>', '<|im_end|>'];

/** Sources: the model cards and tokenizer files of each family. */
const families: readonly Family[] = [
	{
		family: 'deepseek-coder',
		names: /deepseek-coder/i,
		tokens: ['<｜fim▁begin｜>', '<｜fim▁hole｜>', '<｜fim▁end｜>'],
		stop: ['<｜fim▁begin｜>', '<｜fim▁hole｜>', '<｜fim▁end｜>', '<|EOT|>'],
		alsoSpecial: ['<｜begin▁of▁sentence｜>', '<｜end▁of▁sentence｜>'],
	},
	{
		family: 'qwen-coder',
		names: /qwen2\.5-?coder|qwen3-?coder/i,
		tokens: ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>'],
		stop: ['<|endoftext|>', '<|file_sep|>', '<|fim_prefix|>', '<|fim_middle|>'],
		alsoSpecial: ['<|fim_pad|>', '<|repo_name|>', ...chatMarks],
		repository: (name, files, path) => {
			const texts = files.map((file) => `<|file_sep|>${file.path}\n${file.text}\n`);
			return `<|repo_name|>${name}\n${texts.join('')}<|file_sep|>${path}\n`;
		},
	},
	{
		family: 'granite',
		names: /granite-?4/i,
		tokens: ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>'],
		stop: ['<|endoftext|>', '<|end_of_text|>', '<|fim_prefix|>', '<|fim_middle|>'],
		alsoSpecial: ['<|fim_pad|>', ...chatMarks],
	},
	{
		family: 'starcoder',
		names: /starcoder|stable-?code|codeqwen/i,
		tokens: ['<fim_prefix>', '<fim_suffix>', '<fim_middle>'],
		stop: ['<file_sep>', '<|endoftext|>', '<fim_prefix>', '<fim_middle>'],
		alsoSpecial: ['<fim_pad>', '<repo_name>', ...chatMarks],
	},
	{
		family: 'codellama',
		names: /codellama/i,
		// Only the 7b and 13b base and instruct models saw holes in training.
		except: /python|34b|70b/i,
		tokens: ['<PRE> ', ' <SUF>', ' <MID>'],
		stop: ['<EOT>', '<PRE>', '<SUF>', '<MID>'],
	},
	{
		family: 'codegemma',
		names: /codegemma/i,
		except: /instruct|-it\b/i,
		tokens: ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>'],
		stop: ['<|file_separator|>', '<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>'],
	},
	{
		family: 'codestral',
		names: /codestral/i,
		except: /mamba/i,
		tokens: ['[SUFFIX]', '[PREFIX]', ''],
		suffixFirst: true,
		stop: ['[SUFFIX]', '[PREFIX]', '[MIDDLE]', '</s>'],
	},
];

export interface ModelIdentity {
	/** For example `registry.example/library/qwen2.5-coder:0.5b`. */
	readonly name: string;
	/** What the weights say they are. */
	readonly basename?: string | undefined;
	/** Whether the server itself can put prompt and suffix together for this model. */
	readonly canInsert: boolean;
}

/** The template for a model, or undefined when it cannot fill holes as far as anybody knows. */
export function fimTemplate(model: ModelIdentity): FimTemplate | undefined {
	const names = [model.name.slice(model.name.lastIndexOf('/') + 1), model.basename ?? ''];
	for (const name of names) {
		const family = families.find(({ names }) => names.test(name));
		if (family) return family.except?.test(names.join(' ')) ? undefined : familyTemplate(family);
	}
	return model.canInsert ? serverTemplate : undefined;
}

/**
 * The hole in a prompt that somebody put together with the marks of any family, because they could not know which this is; undefined where it
 * is none. Spaces that belong to the marks of some families are left out.
 */
export function holeIn(prompt: string): { readonly before: string; readonly after: string } | undefined {
	for (const { tokens, suffixFirst } of families) {
		const [begin = '', hole = '', end = ''] = tokens.map((token) => token.trim());
		if (!prompt.startsWith(begin) || !prompt.endsWith(end)) continue;
		const [first, second, ...more] = prompt.slice(begin.length, prompt.length - end.length).split(hole);
		if (first === undefined || second === undefined || more.length > 0) continue;
		const [before, after] = suffixFirst ? [second, first] : [first, second];
		const isPadded = tokens.some((token) => token !== token.trim());
		return isPadded ? { before: before.replace(/^ | $/g, ''), after: after.replace(/^ | $/g, '') } : { before, after };
	}
	return undefined;
}

function familyTemplate(family: Family): FimTemplate {
	const [begin, hole, end] = family.tokens;
	const render = (before: string, after: string, typed: string) =>
		family.suffixFirst
			? { prompt: `${begin}${after}${hole}${before}${typed}` }
			: { prompt: `${begin}${before}${hole}${after}${end}${typed}` };
	const specialTokens = [...new Set([...family.tokens, ...family.stop, ...(family.alsoSpecial ?? [])].map((token) => token.trim()))];
	return {
		family: family.family,
		render,
		repository: family.repository,
		growsAtEnd: !family.suffixFirst,
		stop: family.stop,
		specialTokens: specialTokens.filter(Boolean),
	};
}

/** For families we do not know whose server says it can insert. An empty suffix would silently become a chat. */
const serverTemplate: FimTemplate = {
	family: 'template of the server',
	render: (before, after, typed) => ({ prompt: before + typed, suffix: after === '' ? '\n' : after }),
	growsAtEnd: false,
	stop: [],
	specialTokens: [
		'<|endoftext|>',
		'<|fim_prefix|>',
		'<|fim_suffix|>',
		'<|fim_middle|>',
		'<fim_prefix>',
		'<fim_suffix>',
		'<fim_middle>',
		...chatMarks,
	],
};
