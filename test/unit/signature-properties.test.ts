import assert from 'node:assert/strict';
import { holesIn } from '../../src/signature/hole.ts';
import { planned } from '../signature-plan.ts';
import { signatures, wraps } from '../signatures.ts';

/** Numbers below a bound, the same ones every time. */
function generator(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state * 48_271) % 2_147_483_647;
		return state % below;
	};
}

const random = generator(11);

function shuffled<T>(items: readonly T[]): T[] {
	const rest = [...items];
	return items.flatMap(() => rest.splice(random(rest.length), 1));
}

interface Parameter {
	readonly name: string;
	readonly isNew?: boolean;
}

/** Some of the parameters, in any order, with some new ones. */
function changed(parameters: readonly Parameter[], canRemove: boolean): Parameter[] {
	const kept = shuffled(parameters).filter(() => !canRemove || random(3) > 0);
	const added = Array.from({ length: canRemove ? random(3) : 0 }, (_, index) => ({ name: `new${index}`, isNew: true }));
	return shuffled([...kept, ...added]);
}

/** How a function, a call with values that say their parameter, and a call that is read back are written. */
const writers = {
	typescript: {
		declare: (names: readonly string[]) => `function f(${names.map((name) => `${name}: T_${name}`).join(', ')}) {}`,
		call: (values: readonly string[]) => `f(${values.join(', ')});`,
	},
	python: {
		declare: (names: readonly string[]) => `def f(${names.map((name) => `${name}: T_${name}`).join(', ')}): ...`,
		call: (values: readonly string[]) =>
			`f(${values.map((value, index) => (index > 1 ? `${value.slice(2)}=${value}` : value)).join(', ')})`,
	},
	go: {
		declare: (names: readonly string[]) => `package p\nfunc f(${names.map((name) => `${name} T_${name}`).join(', ')}) {}`,
		call: (values: readonly string[]) => `func g() { f(${values.join(', ')}) }`,
	},
	rust: {
		declare: (names: readonly string[]) => `fn f(${names.map((name) => `${name}: T_${name}`).join(', ')}) {}`,
		call: (values: readonly string[]) => `fn g() { f(${values.join(', ')}); }`,
	},
	csharp: {
		declare: (names: readonly string[]) => `class M { void F(${names.map((name) => `T_${name} ${name}`).join(', ')}) {}`,
		call: (values: readonly string[]) =>
			`void G() { F(${values.map((value, index) => (index > 1 ? `${value.slice(2)}: ${value}` : value)).join(', ')}); } }`,
	},
} as const;

/** Which parameter has which value in the only call of a text: the map that has to be right. */
function argumentsOf(text: string, parameters: readonly Parameter[]): Record<string, string> {
	const inside = /(?<!func |fn |def |void |function )\b[fF]\(([^()]*)\)(?!.*\b[fF]\()/s.exec(text)?.[1] ?? '';
	const parts = inside
		.split(',')
		.map((part) => part.trim())
		.filter(Boolean);
	return Object.fromEntries(
		parts.map((part, index) => {
			const [, name, value] = /^(\w+)\s*[=:]\s*(\S+)$/.exec(part) ?? [];
			return [name ?? parameters[index]?.name ?? 'stray', value ?? part];
		}),
	);
}

describe('properties of signature plans', () => {
	for (const [languageId, { declare, call }] of Object.entries(writers)) {
		it(`${languageId}: every argument stays with its parameter, whatever becomes of the signature`, async () => {
			for (let round = 0; round < 40; round++) {
				const before = Array.from({ length: random(5) }, (_, index) => ({ name: `p${index}` }));
				const after = changed(before, true);
				const text = call(before.map(({ name }) => `v_${name}`));
				const files = [before, after].map((parameters) => `${declare(parameters.map(({ name }) => name))}\n${text}\n`);
				const plan = await planned([{ path: 'a', languageId, before: files[0] ?? '', after: files[1] ?? '' }]);
				const edited = plan.texts.get('a') ?? '';
				const found = argumentsOf(edited, after);
				assert.deepEqual(Object.keys(found).toSorted(), after.map(({ name }) => name).toSorted(), edited);
				for (const { name, isNew } of after) {
					if (isNew) assert.equal(holesIn(found[name] ?? '').length, 1, edited);
					else assert.equal(found[name], `v_${name}`, edited);
				}
			}
		});

		it(`${languageId}: an order and back is nothing`, async () => {
			for (let round = 0; round < 20; round++) {
				const before = Array.from({ length: 1 + random(5) }, (_, index) => ({ name: `p${index}` }));
				const after = changed(before, false);
				const text = call(before.map(({ name }) => `v_${name}`));
				const [one = '', other = ''] = [before, after].map((parameters) => declare(parameters.map(({ name }) => name)));
				const there = await planned([{ path: 'a', languageId, before: `${one}\n${text}\n`, after: `${other}\n${text}\n` }]);
				const moved = there.texts.get('a') ?? '';
				const back = await planned([{ path: 'a', languageId, before: moved, after: moved.replace(other, one) }]);
				assert.deepEqual(argumentsOf(back.texts.get('a') ?? '', before), argumentsOf(`${one}\n${text}`, before), moved);
				assert.equal(back.class, 'D');
			}
		});
	}

	it('planning never fails, whatever the texts are', async () => {
		const rows = Object.values(signatures).flatMap((byLanguage) =>
			Object.entries(byLanguage).flatMap(([languageId, list]) => list.map((row) => ({ languageId, row }))),
		);
		for (const { languageId, row } of rows) {
			const { file } = wraps[languageId as keyof typeof wraps];
			const [before, after, use] = row;
			const damaged = (text: string) => {
				const at = random(text.length + 1);
				return (
					text.slice(0, at) + (['', '(', ')', ',', '"', '{', '...', '🎉', '\uFEFF', '=>'][random(10)] ?? '') + text.slice(at + random(4))
				);
			};
			await planned([{ path: 'a', languageId, before: damaged(file(before, use)), after: damaged(file(after, use)) }]);
		}
	});
});
