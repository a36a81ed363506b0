import { createRequire } from 'node:module';
import { ConfigurationTarget, commands, Disposable, type ExtensionContext, env, type LogOutputChannel, window, workspace } from 'vscode';
import type { GatewayWorld, WindowGateway } from './gateway/feature.ts';
import { readSettings } from './settings.ts';

/** In a bundle of its own, because most never switch it on. */
type Bundle = typeof import('../shared-gateway.ts');

/** Has a gateway as long as the setting says so and the workspace is trusted. Until then nothing of it is loaded. */
export function gatewaySwitch(context: ExtensionContext, log: LogOutputChannel, world: Omit<GatewayWorld, 'port'>): Disposable {
	let running: WindowGateway | undefined;
	const begin = () => {
		const { WindowGateway }: Bundle = createRequire(context.asAbsolutePath('dist/extension.cjs'))('./shared-gateway.cjs');
		const gateway = new WindowGateway(context, log, { ...world, port: readSettings().gatewayPort });
		// The next wish for one is a new attempt.
		gateway.ready.catch(() => running === gateway && end());
		return gateway;
	};
	const end = () => {
		running?.dispose();
		running = undefined;
	};
	const follow = () => {
		if (readSettings().gateway !== 'on' || !workspace.isTrusted) end();
		else running ??= begin();
		return running;
	};
	const start = setTimeout(follow);
	return Disposable.from(
		new Disposable(() => clearTimeout(start)),
		new Disposable(end),
		workspace.onDidGrantWorkspaceTrust(follow),
		workspace.onDidChangeConfiguration((event) => {
			if (event.affectsConfiguration('co-clone.gatewayPort')) end();
			if (event.affectsConfiguration('co-clone.gateway') || event.affectsConfiguration('co-clone.gatewayPort')) follow();
		}),
		...registerCommands(follow),
	);
}

function registerCommands(follow: () => WindowGateway | undefined): Disposable[] {
	const handlers: Record<string, () => unknown> = {
		startGateway: async () => {
			await write('on');
			const { url } = (await found(follow)) ?? {};
			if (url) void window.showInformationMessage(`Co-Clone answers other programs at ${url}.`);
		},
		stopGateway: () => write('off'),
		copyGatewayAddress: async () => {
			const at = await found(follow);
			if (at) await env.clipboard.writeText(at.url);
		},
		copyGatewayKey: async () => {
			if (await found(follow)) await follow()?.copyKey();
		},
		openPlayground: async () => {
			if (await found(follow)) await follow()?.openPlayground();
		},
		gatewayKeys: async () => {
			if (await found(follow)) await follow()?.chooseKey();
		},
	};
	return Object.entries(handlers).map(([name, handler]) => commands.registerCommand(`co-clone.${name}`, handler));
}

/** Where the gateway is; where there is none, that is said, and it is started if somebody wants that. */
async function found(follow: () => WindowGateway | undefined): ReturnType<WindowGateway['at']> {
	const gateway = follow();
	if (gateway) return gateway.ready.then(() => gateway.at()).catch(() => undefined);
	if (!workspace.isTrusted) {
		void window.showInformationMessage('Co-Clone: there is no gateway in a workspace that is not trusted.');
		return undefined;
	}
	const start = 'Start Gateway';
	const answer = await window.showInformationMessage('Co-Clone’s gateway is off.', start);
	if (answer !== start) return undefined;
	await write('on');
	return found(follow);
}

async function write(value: 'on' | 'off'): Promise<void> {
	await workspace.getConfiguration('co-clone').update('gateway', value, ConfigurationTarget.Global);
}
