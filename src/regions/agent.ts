import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Open } from '../gateway/access/one-gateway.ts';

interface AgentOptions {
	/** 0 for any that is free. */
	readonly port: number;
	/** Answers that the model works on at the same time; those beyond wait. */
	readonly slots: number;
	/** Answers that are under way. */
	readonly running: () => number;
}

/** Balancers ask more often than that, so by then all of them know. */
const noticeMs = 2000;
/** For streams to come to their end. */
const drainMs = 60_000;

/**
 * Tells a balancer how much room there is, in a line for each connection (HAProxy's agent check): the share of slots that are free, or that nothing
 * new may come because the gateway is about to end.
 */
export class Agent implements AsyncDisposable {
	readonly #server: Server;
	readonly #slots: number;
	readonly #running: () => number;
	#isDraining = false;

	private constructor({ slots, running }: AgentOptions) {
		this.#slots = slots;
		this.#running = running;
		this.#server = createServer((socket) => {
			socket.on('error', () => {});
			socket.end(`${this.#says()}\n`);
		});
	}

	/** @throws what Node throws where the port cannot be had */
	static async listen(options: AgentOptions): Promise<Agent> {
		const agent = new Agent(options);
		agent.#server.listen(options.port, '127.0.0.1');
		await once(agent.#server, 'listening');
		return agent;
	}

	/** Where it listens. */
	get port(): number {
		const address = this.#server.address();
		return typeof address === 'object' && address ? address.port : 0;
	}

	/** Tells balancers, and resolves when all that was under way is over, or took too long. */
	async drain(): Promise<void> {
		this.#isDraining = true;
		await delay(noticeMs);
		for (const end = performance.now() + drainMs; this.#running() > 0 && performance.now() < end; ) await delay(100);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#server.close();
		await once(this.#server, 'close');
	}

	#says(): string {
		if (this.#isDraining) return 'drain';
		const free = Math.max(0, this.#slots - this.#running()) / this.#slots;
		// A region without weight would get nothing, where it should get little. “ready” ends what an earlier “drain” began.
		return `ready up ${Math.max(1, Math.round(free * 100))}% maxconn:${this.#slots * 2}`;
	}
}

/** The same gateway with an agent, which ends only when nothing is under way any more. */
export async function withAgent(gateway: Open, port: number, slots: number): Promise<Open> {
	try {
		const agent = await Agent.listen({ port, slots, running: () => gateway.counts.running });
		const dispose = async () => {
			// Whoever has not heard of it yet, or hears nothing from agents, asks another one.
			gateway.drain();
			await agent.drain();
			await gateway[Symbol.asyncDispose]();
			await agent[Symbol.asyncDispose]();
		};
		return { ...gateway, [Symbol.asyncDispose]: dispose };
	} catch (error) {
		await gateway[Symbol.asyncDispose]();
		throw error;
	}
}
