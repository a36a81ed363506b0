/** A command line that cannot be understood; the message says how to write it. */
export class UsageError extends Error {
	override readonly name = 'UsageError';
}

export const usage = `Usage:
  co-clone complete FILE:LINE:COLUMN [--model NAME|URL] [--language ID] [--json]

  FILE:LINE:COLUMN  where to complete, counted from 1; “-” instead of FILE reads standard input,
                    and “-” alone completes at its end
  --model           a model of the local Ollama (qwen2.5-coder:1.5b), the address of a server
                    (http://host:11434), or both (http://host:11434/qwen2.5-coder:1.5b)
  --language        the language as VS Code names it, where the file's name does not tell
  --json            print text, reason, model, prompt, timings and token counts

Exit status: 0 with a completion, 1 without one (the reason is on standard error),
2 when the command line or the model server is at fault.`;
