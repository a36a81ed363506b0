/** What llama.vim sends (https://github.com/ggml-org/llama.vim, compared with 381730b), but for the file. */
const fields = [
	'content',
	'timings/prompt_n',
	'timings/prompt_ms',
	'timings/prompt_per_token_ms',
	'timings/prompt_per_second',
	'timings/predicted_n',
	'timings/predicted_ms',
	'timings/predicted_per_token_ms',
	'timings/predicted_per_second',
	'truncated',
	'tokens_cached',
];
const input_extra = [{ text: 'def sub(a, b):\n    return a - b\n', time: [411, 871], filename: 'sub.py' }];

export const llamaVim = {
	/** While somebody types, with the cursor after “return ”. */
	infill: {
		id_slot: 0,
		input_prefix: 'def add(a, b):\n',
		input_suffix: '\n\nprint(add(1, 2))\n',
		input_extra,
		prompt: '    return ',
		n_predict: 128,
		stop: [],
		n_cmpl: 1,
		n_indent: 4,
		top_k: 40,
		top_p: 0.9,
		stream: false,
		samplers: ['top_k', 'top_p', 'infill'],
		cache_prompt: true,
		t_max_prompt_ms: 500,
		t_max_predict_ms: 250,
		response_fields: fields,
	},
	/** What it is going to ask once what it shows is accepted: sent while that is looked at. */
	speculative: { input_prefix: 'def add(a, b):\n', prompt: '    return a + b', t_max_predict_ms: 1000 },
	/** What has to stand in an answer, in one line, so that it is looked at. */
	answer: /^\s*[{[].*"content"\s*:"/,
	/** While nobody types: to have the server read what it will be asked with. */
	warmUp: {
		id_slot: 0,
		input_prefix: '',
		input_suffix: '',
		input_extra,
		prompt: '',
		n_predict: 0,
		temperature: 0.0,
		stream: false,
		samplers: [],
		cache_prompt: true,
		t_max_prompt_ms: 1,
		t_max_predict_ms: 1,
		response_fields: [''],
	},
	fields,
};
