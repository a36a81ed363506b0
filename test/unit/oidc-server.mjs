import { createServer } from 'node:http';
import process from 'node:process';
import Provider from 'oidc-provider';

/**
 * A sign-in server that others wrote, in a process of its own. It says on which port, and does what it is told: `approve CODE` and `deny CODE`
 * as a user would, `revoke` for all that it gave.
 */
const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const provider = new Provider(issuer, {
	clients: [
		{
			client_id: 'co-clone',
			token_endpoint_auth_method: 'none',
			grant_types: [deviceGrant, 'refresh_token'],
			redirect_uris: [],
			response_types: [],
			application_type: 'native',
		},
	],
	features: { deviceFlow: { enabled: true }, devInteractions: { enabled: false } },
	ttl: { AccessToken: 600, DeviceCode: Number(process.argv[2] ?? 600), Grant: 86_400, RefreshToken: 86_400 },
	findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
});
server.on('request', provider.callback());
const grants = [];

async function decide(word, userCode) {
	const code = await provider.DeviceCode.findByUserCode(userCode.replace(/[^A-Z\d]/g, ''));
	if (word === 'deny') Object.assign(code, { error: 'access_denied', errorDescription: 'The user said no.' });
	else {
		const grant = new provider.Grant({ accountId: 'me', clientId: 'co-clone' });
		grant.addOIDCScope('openid offline_access');
		const grantId = await grant.save(86_400);
		grants.push(grant);
		Object.assign(code, { accountId: 'me', grantId, authTime: Math.floor(Date.now() / 1000), scope: 'openid offline_access' });
	}
	await code.save(600);
}

process.on('message', async ([word, code]) => {
	if (word === 'revoke') await Promise.all(grants.map((grant) => grant.destroy()));
	else await decide(word, code);
	process.send('done');
});
process.once('disconnect', () => process.exit());
process.send(issuer);
