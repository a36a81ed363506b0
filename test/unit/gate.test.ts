import assert from 'node:assert/strict';
import { type CompletionPolicy, gate } from '../../src/completion/gate.ts';
import { at } from '../picture.ts';

const policy: CompletionPolicy = { enabled: true, trigger: 'automatic', languages: {} };

describe('gate', () => {
	const pictures: [picture: string, reason: string | undefined][] = [
		['foo(|)', undefined],
		['foo({ a: [|] });', undefined],
		["f('|')", undefined],
		['return |', undefined],
		['return value|', undefined],
		['\tif (x) {|}', undefined],
		['a\n|\nb', undefined],
		['fo|o', 'middle-of-word'],
		['x = | + 1', 'text-after-cursor'],
		['|', 'nothing-before-cursor'],
		['\n  |\nfoo', 'nothing-before-cursor'],
		[`${'x'.repeat(10_001)}|`, 'long-line'],
	];
	for (const [picture, reason] of pictures) {
		it(`${picture.slice(0, 40)} → ${reason ?? 'asks'}`, () => assert.equal(gate(at(picture), policy)?.reason, reason));
	}

	it('asks anywhere on demand', () => {
		for (const picture of ['fo|o', 'x = | + 1', '|']) assert.equal(gate(at(picture, { trigger: 'manual' }), policy), undefined);
	});

	it('heeds what the user wants, except on demand', () => {
		const off: [Partial<CompletionPolicy>, string][] = [
			[{ enabled: false }, 'disabled'],
			[{ trigger: 'manual' }, 'manual-only'],
			[{ languages: { typescript: false } }, 'language-off'],
			[{ languages: { '*': false } }, 'language-off'],
		];
		for (const [change, reason] of off) {
			assert.equal(gate(at('a|'), { ...policy, ...change })?.reason, reason);
			assert.equal(gate(at('a|', { trigger: 'manual' }), { ...policy, ...change }), undefined);
		}
		assert.equal(gate(at('a|'), { ...policy, languages: { '*': false, typescript: true } }), undefined);
	});

	describe('files that hold secrets', () => {
		const secret = [
			'.env',
			'.env.local',
			'prod.env',
			'.ENV',
			'id_rsa',
			'server.pem',
			'C:\\keys\\site.key',
			'/home/me/.ssh/config',
			'.npmrc',
			'credentials.json',
			'/home/me/.aws/config',
		];
		const open = ['env.ts', '.env.example', 'secret.ts', 'keyboard.ts', 'public.key.ts', 'monkey.py', 'credentials.ts'];
		for (const path of secret) {
			it(`${path} is never sent, not even on demand`, () => {
				assert.equal(gate(at('A=|', { path }), policy)?.reason, 'secret-file');
				assert.equal(gate(at('A=|', { path, trigger: 'manual' }), policy)?.reason, 'secret-file');
			});
		}
		for (const path of open) it(`${path} is an ordinary file`, () => assert.equal(gate(at('A=|', { path }), policy), undefined));
	});
});
