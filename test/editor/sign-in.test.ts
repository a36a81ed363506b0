import assert from 'node:assert/strict';
import { EventEmitter, type SecretStorage } from 'vscode';
import { GatewayModel } from '../../src/model/gateway-model.ts';
import { ModelError } from '../../src/model/model-error.ts';
import { GatewaySignIn, gatewayAt } from '../../src/vscode/sign-in.ts';
import { Served } from '../served.ts';

const forever = new AbortController().signal;
/** Nobody waits between two questions whether the code was approved. */
const clock = { wall: Date.now, steady: () => performance.now(), delay: async () => {} };

function secretsInMemory(): SecretStorage & { readonly kept: ReadonlyMap<string, string> } {
	const kept = new Map<string, string>();
	return {
		kept,
		get: async (key) => kept.get(key),
		store: async (key, value) => void kept.set(key, value),
		delete: async (key) => void kept.delete(key),
		onDidChange: new EventEmitter<{ key: string }>().event,
	};
}

describe('signing in at a gateway', () => {
	it('lets the model there be asked, also after the next start', async () => {
		await using served = await Served.start('1');
		const secrets = secretsInMemory();
		let signedIn = 0;
		const signIn = new GatewaySignIn(secrets, clock, () => signedIn++);
		using model = new GatewayModel(
			() => gatewayAt(served.url, '', signIn),
			() => performance.now(),
		);
		await assert.rejects(model.facts(forever), (error) => error instanceof ModelError && error.code === 'signed-out');
		served.pairing.onAsk(({ code }) => void served.pairing.decide(code, true));
		await signIn.signIn(served.url);
		assert.equal(signedIn, 1);
		assert.equal((await model.facts(forever)).name, 'scripted');
		const later = new GatewaySignIn(secrets, clock, () => {});
		assert.equal(typeof (await later.token(served.url, forever)), 'string');
	});

	it('keeps nothing where it was denied', async () => {
		await using served = await Served.start('1');
		const secrets = secretsInMemory();
		const signIn = new GatewaySignIn(secrets, clock, () => assert.fail('nobody is signed in'));
		served.pairing.onAsk(({ code }) => void served.pairing.decide(code, false));
		await signIn.signIn(served.url);
		assert.equal(secrets.kept.size, 0);
		assert.equal(await signIn.token(served.url, forever), undefined);
	});
});
