import assert from 'node:assert/strict';
import { hideSecrets } from '../../src/completion/hide-secrets.ts';
import { at } from '../picture.ts';
import { setUp } from '../scripted-engine.ts';
import { planted } from '../secrets.ts';

const secret = 'Zx81kQ0pL4vB7nM2aT9w';

/** What is left of a picture. */
function hidden(picture: string): string {
	const { prefix, suffix, isAtSecret } = hideSecrets(at(picture));
	return isAtSecret ? 'in-secret' : `${prefix}|${suffix}`;
}

describe('what a request is without secrets', () => {
	const pictures: [what: string, picture: string, left: string][] = [
		['nothing to hide', 'const a = 1;\nreturn |\n}', 'const a = 1;\nreturn |\n}'],
		['above', `const apiKey = '${secret}';\nfetch(|)`, "const apiKey = 'HIDDEN_SECRET';\nfetch(|)"],
		['below', `fetch(|)\napiKey: '${secret}',\n`, "fetch(|)\napiKey: 'HIDDEN_SECRET',\n"],
		['before the cursor on its line', `f({ token: '${secret}', |`, "f({ token: 'HIDDEN_SECRET', |"],
		['behind it', `f(|, { token: '${secret}' })`, "f(|, { token: 'HIDDEN_SECRET' })"],
		['the cursor in it', `token: '${secret.slice(0, 9)}|${secret.slice(9)}'`, 'in-secret'],
		['at its beginning', `token: '|${secret}'`, 'in-secret'],
		['at its end', `token: '${secret}|'`, 'in-secret'],
		['behind the quote', `token: '${secret}'|`, "token: 'HIDDEN_SECRET'|"],
		['at the beginning of what may become one', "token: '4|'", 'in-secret'],
	];
	for (const [what, picture, left] of pictures) it(what, () => assert.equal(hidden(picture), left));

	it('stays the same byte for byte while somebody types on', () => {
		const text = `const db = connect('postgres://app:s3cr3tPass@db/app', { token: '${secret}' });\nconst rows = db.query('select');`;
		const start = text.indexOf(secret) + secret.length + 1;
		let last = '';
		for (let end = start; end <= text.length; end++) {
			const { prefix } = hideSecrets(at(`${text.slice(0, end)}|\n}`));
			assert.ok(prefix.startsWith(last) && !prefix.includes(secret) && !prefix.includes('s3cr3tPass'), prefix);
			last = prefix;
		}
	});

	it('a secret that is typed or pasted key by key is in no request, nor is more than half of it', () => {
		for (const { way, secret, text, languageId } of planted) {
			const begin = text.indexOf(secret);
			if (!/[=:(]\s*["']$/.test(text.slice(0, begin)) || secret.includes('\n')) continue;
			// Some beginnings say nothing yet.
			for (let end = begin + Math.ceil(secret.length / 2); end <= begin + secret.length; end++) {
				const { isAtSecret, prefix } = hideSecrets(at(`${text.slice(0, end)}‸`, { languageId }));
				assert.ok(isAtSecret || !prefix.includes(text.slice(begin, end)), `${way}: ${prefix}`);
			}
		}
	});
});

describe('secrets and the model', () => {
	const never = new AbortController().signal;

	it('it sees none, wherever the cursor is and whatever is asked for', async () => {
		for (const { way, secret, text, languageId } of planted) {
			const around: [prefix: string, suffix: string][] = [
				[`${text}\nreturn `, '\n}'],
				['a();\nreturn ', `\n${text}\n`],
			];
			for (const [prefix, suffix] of around) {
				const { model, engine } = setUp();
				model.answer = () => ' a;';
				const place = { ...at('|', { languageId }), prefix, suffix };
				await engine.warm(place, never);
				const { completion } = await engine.complete(place, never);
				if (completion) await engine.lookAhead(place, completion, never);
				await engine.complete({ ...place, trigger: 'manual', variant: 1 }, never);
				assert.ok(model.questions.length > 1, way);
				const sent = model.questions.map(({ options }) => options.prompt + (options.suffix ?? '')).join();
				for (const line of secret.split('\n')) assert.ok(!sent.includes(line), `${way}: ${sent}`);
			}
		}
	});

	it('nothing is asked in one, not even on demand', async () => {
		const { model, ask } = setUp();
		for (const trigger of ['automatic', 'manual'] as const) {
			assert.equal((await ask(`const apiKey = '${secret}|`, { trigger })).picture, 'in-secret');
		}
		assert.equal(model.questions.length, 0);
	});

	const answers: [says: string, result: string][] = [
		[" 'HIDDEN_SECRET';", 'hidden-secret'],
		[" f('HIDDEN_SECR", 'hidden-secret'],
		[' a;', 'const password = a;|'],
	];
	for (const [says, result] of answers) {
		it(`an answer ${JSON.stringify(says)} becomes ${result}`, async () => {
			const { model, ask } = setUp();
			model.answer = () => says;
			assert.equal((await ask(`const token = '${secret}';\nconst password =|`)).picture.split('\n').at(-1), result);
		});
	}

	it('of several lines those before the first with what stands for a secret are left', async () => {
		const { model, ask } = setUp();
		model.answer = () => "\n\ta();\n\tlogIn('HIDDEN_SECRET');\n}";
		assert.equal((await ask('function f() {|\n}', { trigger: 'manual' })).picture, 'function f() {\n\ta();|\n}');
	});

	it('what was typed over stays so next to one', async () => {
		const { model, engine } = setUp();
		model.answer = () => ' a;';
		const place = at(`const token = '${secret}';\nreturn |`);
		const { completion } = await engine.complete(place, never);
		assert.ok(completion);
		engine.reject(place, completion);
		assert.equal((await engine.complete(place, never)).nothing?.reason, 'rejected');
	});
});
