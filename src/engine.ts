import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import process from 'node:process';
import { Hardware } from './engine/hardware.ts';
import { importLlama } from './engine/llama.ts';
import { ModelSlot } from './engine/model-slot.ts';
import { keepPlace } from './engine/place.ts';
import { EngineServer } from './engine/server.ts';
import { Work } from './engine/work.ts';
import { leaveLock, takeLock } from './std/lock.ts';

/** Whether an engine greets at an address: one that is being killed may still take connections. */
function isAnswering(address: string): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(address);
		socket.setTimeout(2000, () => socket.destroy());
		socket.once('data', () => resolve(true)).once('data', () => socket.destroy());
		socket.on('error', () => socket.destroy());
		socket.once('close', () => resolve(false));
	});
}

/**
 * The process that runs the model: `engine ADDRESS LOCK LLAMA GPU IDLE LINGER`. Whoever started it is told `ready` when an engine
 * listens, whether this one or another that was faster.
 */
async function main([address = '', lock = '', llama = '', gpu = '', idleMs = '', lingerMs = '']: string[]): Promise<void> {
	if (await takeLock(lock, () => isAnswering(address))) {
		const mark = `${lock}.gpu`;
		process.once('exit', () => leaveLock(lock)).once('exit', () => rmSync(mark, { force: true }));
		// Those who log out or shut down end it so.
		for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.once(signal, () => process.exit(0));
		// Of an engine that was killed. On Windows it is no file, and goes with its process.
		if (process.platform !== 'win32') rmSync(address, { force: true });
		const hardware = new Hardware(importLlama(llama), gpu === 'gpu', mark);
		await hardware.runtime;
		const server = new EngineServer(new Work(new ModelSlot(hardware), hardware, Number(idleMs)), Number(lingerMs));
		await server.listen(address);
		// Often enough to be found again by whoever would be in time otherwise.
		setInterval(() => void keepPlace(server, lock, address), Number(lingerMs) / 2).unref();
		process.send?.('ready');
		await server.ended;
	} else {
		process.send?.('ready');
	}
}

main(process.argv.slice(2)).then(
	() => process.exit(0),
	(error: unknown) => {
		process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
		process.exit(1);
	},
);
