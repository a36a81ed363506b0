import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { Anchor } from '../../src/completion/anchor.ts';
import { commentedOut } from '../../src/completion/comment-out.ts';
import { buildPrompt } from '../../src/completion/prompt.ts';
import { windowAt } from '../../src/completion/window.ts';
import { bestPart } from '../../src/context/best-part.ts';
import type { Context } from '../../src/context/context.ts';
import { ContextFinder, type Place, type Source } from '../../src/context/finder.ts';
import { importedNames } from '../../src/context/imports.ts';
import { asSnippets, indexSources } from '../../src/context/index-sources.ts';
import { namesNear } from '../../src/context/names.ts';
import { wordsOf } from '../../src/context/similarity.ts';
import type { ContextSnippet } from '../../src/context/snippet.ts';
import { fimTemplate } from '../../src/model/fim.ts';
import type { ModelFacts } from '../../src/model/language-model.ts';
import { indexOf } from '../code-index.ts';
import { at } from '../picture.ts';
import { setUp } from '../scripted-engine.ts';

const never = new AbortController().signal;
const snippet = (path: string, text: string): ContextSnippet => ({ path, startLine: 0, endLine: 0, text, source: 'definition', score: 1 });
const contextWith = (...snippets: ContextSnippet[]): Context => ({ repository: 'shop', path: 'src/test.ts', snippets });

function factsOf(name: string, speed: ModelFacts['speed'] = { prefillTokensPerSecond: 1000 }): ModelFacts {
	const template = fimTemplate({ name, canInsert: false });
	assert.ok(template);
	return { name, template, contextLength: 4096, canConstrain: false, speed };
}

describe('context in a prompt', () => {
	const cart = snippet('src/cart.ts', 'function total(): number;');
	const promptFor = (model: string, languageId: string, context: Context) => {
		const request = at('a\nb\nc\nd\nfoo(|)\ne', { context: () => context, languageId });
		const facts = factsOf(model);
		return buildPrompt(new Anchor(undefined).at(request, facts, 96), request, facts).text;
	};
	const pictures: [model: string, languageId: string, prompt: string][] = [
		[
			'qwen2.5-coder',
			'typescript',
			'<|repo_name|>shop\n<|file_sep|>src/cart.ts\nfunction total(): number;\n<|file_sep|>src/test.ts\n<|fim_prefix|>a\n<|fim_suffix|>\ne<|fim_middle|>b\nc\nd\nfoo(',
		],
		[
			'starcoder2',
			'typescript',
			'<fim_prefix>// Path: src/cart.ts\n// function total(): number;\n\na\n<fim_suffix>\ne<fim_middle>b\nc\nd\nfoo(',
		],
		['codellama:7b', 'python', '<PRE> # Path: src/cart.ts\n# function total(): number;\n\na\n <SUF>\ne <MID>b\nc\nd\nfoo('],
		['codestral', 'css', '[SUFFIX]\ne[PREFIX]/* Path: src/cart.ts */\n/* function total(): number; */\n\na\nb\nc\nd\nfoo('],
	];
	for (const [model, languageId, prompt] of pictures) {
		it(`for ${model}, ${languageId}`, () => assert.equal(promptFor(model, languageId, contextWith(cart)), prompt));
	}

	it('without any, a prompt is as ever', () => {
		assert.equal(promptFor('starcoder2', 'python', contextWith()), '<fim_prefix>a\n<fim_suffix>\ne<fim_middle>b\nc\nd\nfoo(');
	});

	it('is not taken for a prompt of its own', () => {
		const bad = snippet('src/<|fim_suffix|>.ts', 'const end = "<|fim_middle|>";');
		const prompt = promptFor('qwen2.5-coder', 'typescript', contextWith(bad));
		for (const token of ['<|fim_suffix|>', '<|fim_middle|>']) assert.equal(prompt.split(token).length, 2);
	});

	it('cannot end the comment that it stands in', () => {
		assert.equal(commentedOut('a { /* b */ }\n', 'css'), '/* a { /* b  } */\n/* */');
	});
});

describe('the anchor', () => {
	const long = Array.from({ length: 40 }, (_, index) => `const value${index} = compute(${index});\n`).join('');
	let asked = 0;
	let found = contextWith(snippet('a.ts', 'first();'));
	const anchorAt = () => {
		asked = 0;
		return new Anchor((_, __, ___, last) => {
			asked++;
			return last ?? found;
		});
	};
	const facts = factsOf('starcoder2');

	it('keeps the context while somebody types, and beyond', () => {
		const anchor = anchorAt();
		const first = anchor.at(at(`${long}|\nend`), facts, 96);
		for (const typed of ['foo', 'foo(bar', `foo(bar);\n${'call();\n'.repeat(80)}`]) {
			assert.equal(anchor.at(at(`${long}${typed}|\nend`), facts, 96).context, first.context);
		}
		assert.equal(asked, 1);
	});

	it('asks for other context in another file', () => {
		const anchor = anchorAt();
		anchor.at(at(`${long}|`), facts, 96);
		found = contextWith(snippet('b.ts', 'second();'));
		assert.equal(anchor.at(at(`${long}|`, { path: '/src/other.ts' }), facts, 96).context, found);
		assert.equal(asked, 2);
	});

	it('takes better context only while nobody types', () => {
		const wanted = contextWith(snippet('c.ts', 'third();'));
		let now: Context | undefined;
		const anchor = new Anchor(() => now);
		const request = at(`${long}foo(|\nend`);
		assert.equal(anchor.at(request, facts, 96).context, undefined);
		now = wanted;
		assert.equal(anchor.at(request, facts, 96).context, undefined);
		assert.equal(anchor.settled(request, facts).context, wanted);
		assert.equal(anchor.at(request, facts, 96).context, wanted);
	});

	it('changes nothing where the model would read for long', () => {
		const slow = factsOf('starcoder2', { prefillTokensPerSecond: 100 });
		let now: Context | undefined;
		const anchor = new Anchor(() => now);
		anchor.at(at(`${long}foo(|\nend`), slow, 96);
		now = contextWith(snippet('c.ts', 'third();'));
		assert.equal(anchor.settled(at(`${long}foo(|\nend`), slow).context, undefined);
	});

	const budgets: [tokensPerSecond: number | undefined, tokens: number | undefined][] = [
		[undefined, undefined],
		[40, undefined],
		[60, 90],
		[240, 360],
		[5000, 1031],
	];
	for (const [prefillTokensPerSecond, tokens] of budgets) {
		it(`room for a model that reads ${prefillTokensPerSecond} tokens a second: ${tokens ?? 'none'}`, () => {
			let room: number | undefined;
			const anchor = new Anchor((_, __, wanted) => {
				room = wanted;
				return undefined;
			});
			anchor.at(at('foo(|'), factsOf('starcoder2', { prefillTokensPerSecond }), 96);
			assert.equal(room && Math.round(room), tokens);
		});
	}
});

describe('an engine with context', () => {
	it('shows it to the model, only lets prompts grow, and says what it showed', async () => {
		const context = contextWith(snippet('src/cart.ts', 'function total(): number;'));
		const { model, ask } = setUp({}, () => context);
		model.answer = () => ' 1;';
		const { inquiry } = await ask('a\nb\nc\nd\nreturn |\ne');
		await ask('a\nb\nc\nd\nreturn total(|)\ne');
		const [first = '', second = ''] = model.questions.map(({ options }) => options.prompt);
		assert.match(first, /^<\|repo_name\|>shop\n<\|file_sep\|>src\/cart\.ts\nfunction total/);
		assert.ok(second.startsWith(first));
		assert.deepEqual(inquiry?.context, context.snippets);
	});

	it('what somebody brings along is for that request alone', async () => {
		const { model, ask } = setUp();
		model.answer = () => ' 1;';
		const request = { trigger: 'manual' } as const;
		await ask('return |', request);
		await ask('return |', { ...request, context: () => contextWith(snippet('a.ts', 'one();')) });
		await ask('return |', request);
		const prompts = model.questions.map(({ options }) => options.prompt.includes('one();'));
		assert.deepEqual(prompts, [false, true]);
	});
});

describe('names around a cursor', () => {
	const pictures: [picture: string, names: string][] = [
		['const sum = total(cart|)', 'cart total sum'],
		['if (a) return new Order(items, |\n\nfunction other() {', 'items Order other'],
		['x = "a text" + label|', 'label'],
		['self.price = compute(|', 'compute price'],
	];
	for (const [picture, names] of pictures) {
		it(`${JSON.stringify(picture)} → ${names}`, () =>
			assert.equal(
				namesNear(at(picture))
					.map(({ name }) => name)
					.join(' '),
				names,
			));
	}
	it('are where they are said to be', () => {
		const request = at('const sum = total(|cart)');
		const text = request.prefix + request.suffix;
		for (const { name, offset } of namesNear(request)) {
			const end = request.prefix.length + offset + 1;
			assert.equal(text.slice(end - name.length, end), name);
		}
	});
});

describe('a similar piece of code', () => {
	const lines = Array.from({ length: 30 }, (_, index) => (index === 20 ? 'total(cart.items);' : `other${index}();`));
	const chunk: ContextSnippet = { ...snippet('a.ts', lines.join('\n')), startLine: 100, endLine: 129, source: 'similar' };

	it('is cut to what has most in common with the place', () => {
		const part = bestPart(chunk, wordsOf('total(cart)'));
		assert.ok(part.text.includes('total(cart.items)'));
		assert.equal(part.text, lines.slice(part.startLine - 100, part.endLine - 99).join('\n'));
		assert.ok(part.endLine - part.startLine < 12);
	});

	it('stays whole when it is short', () => {
		const short = { ...chunk, text: 'a();\nb();' };
		assert.equal(bestPart(short, wordsOf('a')), short);
	});
});

describe('declarations of the index', () => {
	const declared = (text: string) => asSnippets([{ name: 'Cart', path: 'a.ts', startLine: 0, endLine: 5, text }], ['Cart'], 'definition');

	it('come without remarks', () => {
		const [cart] = declared('/** Of a\n * customer. */\ninterface Cart {\n\t// All.\n\titems: Item[];\n\n\tid: string; // unique\n}');
		assert.equal(cart?.text, 'interface Cart {\n\titems: Item[];\n\tid: string; // unique\n}');
	});

	it('of which nothing is left, or that only list names, are none', () => {
		assert.deepEqual([...declared('// Cart'), ...declared('  type Cart,\n  type Item,\n}')], []);
	});
});

describe('names that are imported', () => {
	const statements: [text: string, names: string][] = [
		["import { total, type Cart as Basket } from './cart';", 'total Cart'],
		["import cart, {\n\tadd,\n\tremove,\n} from './cart';", 'cart add remove'],
		["import * as fs from 'node:fs';", 'fs'],
		["const { add } = require('./cart');", 'add'],
		['from shop.cart import Cart, total as sum_up', 'Cart total'],
		['from .cart import (\n    Cart,  # of a customer\n    Item,\n)', 'Cart Item'],
		['use crate::cart::{Cart, Item};', 'Cart Item'],
		['import shop.cart.Cart;', 'Cart'],
		['using Shop.Cart;', 'Cart'],
		['const a = from(b);', ''],
	];
	for (const [text, names] of statements)
		it(`${JSON.stringify(text)} → ${names}`, () => assert.equal(importedNames(text).join(' '), names));
});

describe('looking for context', () => {
	const placeAt = (picture: string): Place => ({ request: at(picture), repository: 'shop', path: 'src/test.ts' });
	const failures: string[] = [];
	const finderWith = (...sources: Source[]) => new ContextFinder(sources, (source) => failures.push(source));
	const source = (name: string, find: Source['find'], deadlineMs = 20): Source => ({ name, deadlineMs, find });
	const chosenAt = (finder: ContextFinder, picture: string) => {
		const request = at(picture);
		const context = finder.choose(request, windowAt(request, undefined, 450), 400, undefined);
		return context?.snippets.map(({ source, path }) => `${source} ${path}`);
	};
	const files = {
		'src/cart.ts': 'export function total(cart: Cart): number {\n\treturn sum(cart.items);\n}\n',
		'src/test.ts': 'function total() {}',
		'src/order.ts': 'export interface Order {\n\tid: number;\n}\n',
		'src/bill.ts': 'let line = "";\nfor (const item of cart.items) line += print(item);\n',
	};

	it('finds what is declared and what is similar elsewhere', async () => {
		const finder = finderWith(...indexSources(indexOf(files)));
		const picture = "import { Order } from './order';\n\nfor (const item of order.items) sum += total(|";
		await finder.prepare(placeAt(picture), never);
		assert.deepEqual(chosenAt(finder, picture), ['definition src/cart.ts', 'import src/order.ts', 'similar src/bill.ts']);
		assert.equal(chosenAt(finder, 'elsewhere(|')?.length, 3, 'in the same file it is at hand');
		assert.equal(finder.choose(at('total(|', { path: '/b.ts' }), windowAt(at('|'), undefined, 9), 400, undefined), undefined);
	});

	it('a source that never answers, and one that fails, cost nothing but what they would have found', async () => {
		const finder = finderWith(
			source('silent', () => new Promise(() => {})),
			source('broken', async () => Promise.reject(new Error('nonsense'))),
			source('good', async () => [snippet('src/cart.ts', 'function total(): number;')]),
		);
		const started = performance.now();
		await finder.prepare(placeAt('total(|'), never);
		assert.ok(performance.now() - started < 200);
		assert.deepEqual(chosenAt(finder, 'total(|'), ['definition src/cart.ts']);
		assert.deepEqual(failures.splice(0), ['broken']);
	});

	it('what is found late is not waited for, what is there is at hand', async () => {
		const finder = finderWith(
			source('quick', async () => [snippet('a.ts', 'function quick(): void;')]),
			source('slow', () => delay(30, [snippet('b.ts', 'function slow(): void;')]), 1000),
		);
		const over = finder.prepare(placeAt('call(|'), never);
		await delay(10);
		assert.deepEqual(chosenAt(finder, 'call(|'), ['definition a.ts']);
		await over;
		assert.deepEqual(chosenAt(finder, 'call(|'), ['definition a.ts', 'definition b.ts']);
	});

	it('looking at another place ends looking at this one', async () => {
		const signals: AbortSignal[] = [];
		const finder = finderWith(
			source('slow', (_, __, signal) => {
				signals.push(signal);
				return new Promise(() => {});
			}),
		);
		const first = finder.prepare(placeAt('a(|'), never).catch(() => {});
		const second = finder.prepare(placeAt('b(|'), never);
		await Promise.all([first, second]);
		assert.ok(signals[0]?.aborted);
		assert.deepEqual(failures, []);
	});
});
