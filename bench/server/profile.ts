/** How fast a machine is with a model that people run on it. */
export interface Profile {
	readonly name: string;
	readonly machine: string;
	/** The model runs on a graphics card. */
	readonly isGraphics: boolean;
	readonly prefillTokensPerSecond: number;
	readonly stepMs: number;
	/** From the request to the start of the evaluation. */
	readonly overheadMs: number;
}

export const profiles: readonly Profile[] = [
	// Measured with Ollama 0.11.4.
	{ name: 'cpu', machine: 'two CPU cores, 0.5B Q4', isGraphics: false, prefillTokensPerSecond: 100, stepMs: 1000 / 28, overheadMs: 10 },
	// Published: https://github.com/ggml-org/llama.cpp/discussions/4167 and normiebench, 8B Q4_K_M on a ten-core M4.
	{ name: 'laptop', machine: 'Apple M4, 7B Q4', isGraphics: true, prefillTokensPerSecond: 225, stepMs: 1000 / 20.9, overheadMs: 10 },
	// Published: https://github.com/ggml-org/llama.cpp/pull/4766, 7B Q4 on an RTX 3090.
	{ name: 'desktop', machine: 'RTX 3090, 7B Q4', isGraphics: true, prefillTokensPerSecond: 3450, stepMs: 1000 / 121, overheadMs: 10 },
];
