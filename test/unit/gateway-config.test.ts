import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Ajv from 'ajv';
import { parseServeConfig } from '../../src/cli/serve-config.ts';
import { serveOptions } from '../../src/cli/serve-options.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

const schema = JSON.parse(readFileSync('schemas/serve.json', 'utf8'));
const validate = new Ajv().compile(schema);

/** What is right and what is wrong with each setting. */
const files: readonly (readonly [string, unknown, RegExp?])[] = [
	['nothing', {}],
	['all', { $schema: './serve.json', port: 0, model: 'auto', models: 'm', allowRemote: true, open: false, logLevel: 'info' }],
	['TLS', { tls: { cert: 'a.pem', key: 'b.pem' } }],
	['the last port', { port: 65_535 }],
	['limits', { limits: { streams: 128, callsPerSecond: 1000 } }],
	['no limit at all', { limits: { streams: 0 } }, /“limits” must be an object with whole numbers from 1: streams/],
	['a limit that there is not', { limits: { tokens: 5 } }, /“limits” must be/],
	['no object', [], /must be an object/],
	['null', null, /must be an object/],
	['a text', 'port', /must be an object/],
	['a setting that there is not', { prot: 8080 }, /there is no setting “prot”\. Settings are port, model/],
	['a name of JavaScript', { constructor: 1 }, /there is no setting “constructor”/],
	['another interface', { host: '0.0.0.0' }, /there is no setting “host”/],
	['a port as text', { port: '8080' }, /“port” must be a whole number/],
	['half a port', { port: 80.5 }, /“port” must be a whole number/],
	['a port too many', { port: 65_536 }, /“port” must be a whole number/],
	['a negative port', { port: -1 }, /“port” must be a whole number/],
	['an empty model', { model: '' }, /“model” must be a text/],
	['a model that is none', { model: null }, /“model” must be a text/],
	['yes', { open: 'yes' }, /“open” must be true or false/],
	['one', { allowRemote: 1 }, /“allowRemote” must be true or false/],
	['a level that there is not', { logLevel: 'verbose' }, /“logLevel” must be one of "off", "error"/],
	['half of TLS', { tls: { cert: 'a.pem' } }, /“tls” must be an object with “cert” and “key”/],
	['too much TLS', { tls: { cert: 'a.pem', key: 'b.pem', ca: 'c.pem' } }, /“tls” must be/],
	['an address', { address: 'https://code.example.com' }],
	['an address with a port', { address: 'http://localhost:8080' }],
	['an address with a path', { address: 'https://code.example.com/a' }, /“address” must be the address of a server/],
	['half an address', { address: 'code.example.com' }, /“address” must be/],
	['no TLS', { tls: false }, /“tls” must be/],
];

describe('the file of co-clone serve --config', () => {
	for (const [what, content, complaint] of files) {
		it(`${complaint ? 'must not be' : 'may be'} ${what}; its schema says the same`, () => {
			assert.equal(validate(content), complaint === undefined);
			if (complaint) assert.throws(() => parseServeConfig(content, 'co-clone.json'), complaint);
			else assert.deepEqual(parseServeConfig(content, 'co-clone.json'), content);
		});
	}

	it('has no setting that the schema does not describe, and none more', () => {
		for (const name of Object.keys(schema.properties)) {
			assert.throws(() => parseServeConfig({ [name]: [] }, 'f'), new RegExp(`“${name.replace('$', '\\$')}” must be`));
		}
	});
});

describe('what co-clone serve is told', () => {
	let folder: TemporaryFolder;
	before(async () => {
		folder = await TemporaryFolder.create();
	});
	after(() => folder[Symbol.asyncDispose]());

	const file = async (content: string) => {
		const path = join(folder.path, 'co-clone.json');
		await writeFile(path, content);
		return path;
	};

	it('is what the file says, and the command line has the last word', async () => {
		const path = await file('{"port": 9000, "model": "a", "models": "m", "logLevel": "info", "open": true}');
		const { port, model, models, logLevel, isOpen } = serveOptions(['--config', path, '--model', 'b', '9001', '--log-level', 'off']);
		assert.deepEqual([port, model, models, logLevel, isOpen], [9001, 'b', join(folder.path, 'm'), 'off', true]);
		assert.equal(serveOptions(['--config', path]).port, 9000);
		assert.equal(serveOptions([]).port, 8080);
	});

	for (const [content, message] of [
		['{', /is not valid JSON/],
		['{"port": "x"}', /co-clone\.json: “port” must be/],
		['{"tls": {"cert": "none.pem", "key": "none.pem"}}', /Cannot read .*none\.pem/],
	] as const) {
		it(`is not ${content}`, async () => {
			const path = await file(content);
			assert.throws(() => serveOptions(['--config', path]), message);
		});
	}

	it('is not a file that is not there, nor a level that there is not', () => {
		assert.throws(() => serveOptions(['--config', join(folder.path, 'none')]), /Cannot read/);
		assert.throws(() => serveOptions(['--log-level', 'loud']), /Levels are off, error, info, debug, trace/);
	});
});
