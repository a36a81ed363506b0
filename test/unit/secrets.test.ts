import assert from 'node:assert/strict';
import { hasSecret, secretsIn, withoutSecrets } from '../../src/secrets/secrets.ts';
import { isWritingSecret } from '../../src/secrets/writing.ts';
import { planted } from '../secrets.ts';

/** The text with its secrets in brackets. */
function marked(text: string): string {
	let result = '';
	let at = 0;
	for (const { start, end } of secretsIn(text)) {
		result += `${text.slice(at, start)}⟦${text.slice(start, end)}⟧`;
		at = end;
	}
	return result + text.slice(at);
}

describe('secrets', () => {
	it('there are 50 of them, each another one', () => {
		assert.equal(planted.length, 50);
		assert.equal(new Set(planted.map(({ secret }) => secret)).size, 50);
	});

	for (const { way, secret, text } of planted) {
		it(`${way}: ${text.replace(secret, '⟦…⟧').replaceAll('\n', ' ⏎ ').slice(0, 90)}`, () => {
			assert.equal(
				marked(text),
				text.replace(secret, () => `⟦${secret}⟧`),
			);
		});
	}

	// biome-ignore-start lint/suspicious/noTemplateCurlyInString: this is how such code looks
	const ordinary = [
		'const password = req.body.password;',
		'const token = await getToken(user);',
		'password: string;',
		'secret: Uint8Array,',
		'token = next_token2',
		"type: 'password', name: 'password1'",
		'<input type="password" placeholder="Password" autocomplete="current-password">',
		"password: 'Enter your password'",
		'"password": "Passwort vergessen?"',
		'apiKey: process.env.API_KEY,',
		"api_key: '<your-api-key>'",
		"password: '${DB_PASSWORD}'",
		'PASSWORD=$(cat /run/secrets/password)',
		"tokenUrl: 'https://example.org/oauth2/v2.0/token'",
		"Buffer.from(secret, 'base64')",
		'export type PasswordResultV2 = CustomAuthResultV2;',
		'pub const STATUS_WRONG_PASSWORD: u32 = 0xC0000149;',
		'PublicKeyToken=b77a5c561934e089',
		"const id = '550e8400-e29b-41d4-a716-446655440000';",
		'"integrity": "sha512-2gC4uI9Z0nVnYq0ZrX9i3x3kqg0qVbFQK5l7VvXvXgk4dQ==",',
		'color: #c0ffee; background: #d3adb33f;',
		'commit 014a583c0ffee1234567890abcdef1234567890ab',
		'fetch(`http://${host}:${port}/a@b`)',
		'git@github.com:me/project.git',
		"if (token.kind === 'identifier42') return;",
		"key === 'ArrowLeft2' && auth('basic configuration')",
		"const begin = '-----BEGIN PRIVATE KEY-----', end = '-----END PRIVATE KEY-----';",
		'.sk-folding-cube-animation-container-delayed { animation: sk-1 2s }',
	];
	// biome-ignore-end lint/suspicious/noTemplateCurlyInString: this is how such code looks
	for (const text of ordinary) it(`none: ${text}`, () => assert.equal(marked(text), text));

	it('a key with one end out of sight is hidden up to where it may begin', () => {
		const lines = ['const a = 1;', 'A'.repeat(8) + 'b1C2'.repeat(14), 'B'.repeat(8) + 'b1C2'.repeat(14), 'xyz='];
		assert.equal(
			marked([...lines, '-----END RSA PRIVATE KEY-----'].join('\n')),
			`const a = 1;\n⟦${lines.slice(1).join('\n')}⟧\n-----END RSA PRIVATE KEY-----`,
		);
		const begun = ['-----BEGIN PRIVATE KEY-----', ...lines.slice(1, 3)].join('\n');
		assert.equal(marked(`${begun}\nconst a = 1;`), `-----BEGIN PRIVATE KEY-----\n⟦${lines.slice(1, 3).join('\n')}⟧\nconst a = 1;`);
	});

	it('without them a text has the same lines', () => {
		const text =
			'a\n-----BEGIN PRIVATE KEY-----\n' +
			`${'Ab1'.repeat(20)}\n`.repeat(3) +
			"-----END PRIVATE KEY-----\nconst token = 'Zx81kQ0pL4vB7nM2aT9w';";
		assert.equal(
			withoutSecrets(text),
			"a\n-----BEGIN PRIVATE KEY-----\nHIDDEN_SECRET\n\n\n-----END PRIVATE KEY-----\nconst token = 'HIDDEN_SECRET';",
		);
	});

	it('a piece of a key from its middle is no context', () => {
		const lines = `${'MIIEowIBAAKCAQEAqKpRgnn6yq26U3yt5YFZquyukfRjbMXDcNOK4rMCxDR0abcd\n'.repeat(6)}`;
		assert.equal(hasSecret(lines), true);
		assert.equal(hasSecret('const a = 1;\n'.repeat(10)), false);
	});

	it('10 kB take no more than a millisecond', () => {
		const text = ordinary.join('\n').repeat(10).slice(0, 10_000);
		for (let i = 0; i < 50; i++) secretsIn(text);
		const times = Array.from({ length: 20 }, () => {
			const started = performance.now();
			secretsIn(text);
			return performance.now() - started;
		}).sort((a, b) => a - b);
		assert.ok((times[10] ?? 9) <= 1, `${times[10]} ms`);
	});
});

describe('a secret that is being written', () => {
	const lines: [line: string, languageId: string, isOne: boolean][] = [
		["const apiKey = 'a", 'typescript', true],
		["const apiKey = '", 'typescript', false],
		["const apiKey = 'two wor", 'typescript', false],
		["const apiKey = 'done'", 'typescript', false],
		['"password": "h', 'json', true],
		["setPassword('h", 'java', true],
		["tokenType: 'Bea", 'typescript', false],
		['const token = ne', 'typescript', false],
		['TOKEN=ab', 'shellscript', true],
		['  password: hu', 'yaml', true],
		['TOKEN=$OTH', 'shellscript', false],
		['x = "postgres://me:h', 'python', true],
		['x = "http://localhost:80', 'python', false],
		['x = "gh' + 'p_', 'python', true],
		['// sk-pro' + 'j-Ab', 'typescript', true],
	];
	for (const [line, languageId, isOne] of lines) {
		it(`${line} (${languageId}): ${isOne ? 'yes' : 'no'}`, () => assert.equal(isWritingSecret(line, languageId), isOne));
	}
});
