import assert from 'node:assert/strict';
import { type CompletionPolicy, everything, gate } from '../../src/completion/gate.ts';
import { at } from '../picture.ts';

describe('gate', () => {
	const pictures: [picture: string, reason: string | undefined][] = [
		['foo(|)', undefined],
		['foo({ a: [|] });', undefined],
		["f('|')", undefined],
		['return |', undefined],
		['return value|', undefined],
		['\tif (x) {|}', undefined],
		['a\n|\nb', undefined],
		['<p>|</p>', undefined],
		['<p>{|}</p></div>', undefined],
		['<a href="|"></a>', undefined],
		['return <>|</>;', undefined],
		['<p>|</p> and', undefined],
		['<li>|</li><li>', undefined],
		['a < | / b', undefined],
		['con|foo();', undefined],
		['x = | + 1', undefined],
		['|', 'nothing-before-cursor'],
		['\n  |\nfoo', 'nothing-before-cursor'],
		[`${'x'.repeat(10_001)}|`, 'long-line'],
	];
	for (const [picture, reason] of pictures) {
		it(`${picture.slice(0, 40)} → ${reason ?? 'asks'}`, () => assert.equal(gate(at(picture), everything)?.reason, reason));
	}

	it('asks anywhere on demand', () => {
		for (const picture of ['\n|', '|']) assert.equal(gate(at(picture, { trigger: 'manual' }), everything), undefined);
	});

	it('heeds what the user wants, except on demand', () => {
		const off: [Partial<CompletionPolicy>, string][] = [
			[{ enabled: false }, 'disabled'],
			[{ trigger: 'manual' }, 'manual-only'],
			[{ languages: { typescript: false } }, 'language-off'],
			[{ languages: { '*': false } }, 'language-off'],
		];
		for (const [change, reason] of off) {
			assert.equal(gate(at('a|'), { ...everything, ...change })?.reason, reason);
			assert.equal(gate(at('a|', { trigger: 'manual' }), { ...everything, ...change }), undefined);
		}
		assert.equal(gate(at('a|'), { ...everything, languages: { '*': false, typescript: true } }), undefined);
	});

	describe('with comments turned off', () => {
		const places: [picture: string, languageId: string, reason: string | undefined][] = [
			['a(); // not |', 'typescript', 'in-comment'],
			['/* not\n|', 'typescript', 'in-comment'],
			['a(); // not\n|', 'typescript', undefined],
			["a('// yes|')", 'typescript', undefined],
			['# not |', 'python', 'in-comment'],
			['# Heading |', 'markdown', undefined],
		];
		for (const [picture, languageId, reason] of places) {
			it(`${languageId}: ${JSON.stringify(picture)} → ${reason ?? 'asks'}`, () => {
				const off = { ...everything, comments: false };
				assert.equal(gate(at(picture, { languageId }), off)?.reason, reason);
				assert.equal(gate(at(picture, { languageId }), everything), undefined);
				assert.equal(gate(at(picture, { languageId, trigger: 'manual' }), off), undefined);
			});
		}
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
			'infra/terraform.tfstate.backup',
			'prod.auto.tfvars',
			'kubeconfig',
			'my-service-account.json',
			'app-firebase-adminsdk-x1.json',
			'/home/me/.password-store/a.gpg',
		];
		const open = [
			'env.ts',
			'.env.example',
			'secret.ts',
			'keyboard.ts',
			'public.key.ts',
			'monkey.py',
			'credentials.ts',
			'kubeconfig.ts',
			'service-accounts.ts',
		];
		for (const path of secret) {
			it(`${path} is never sent, not even on demand`, () => {
				assert.equal(gate(at('A=|', { path }), everything)?.reason, 'secret-file');
				assert.equal(gate(at('A=|', { path, trigger: 'manual' }), everything)?.reason, 'secret-file');
			});
		}
		for (const path of open) it(`${path} is an ordinary file`, () => assert.equal(gate(at('A=|', { path }), everything), undefined));
	});
});
