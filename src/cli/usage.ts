/** A command line that cannot be understood; the message says how to write it. */
export class UsageError extends Error {
	override readonly name = 'UsageError';
}

export const usage = `Usage:
  co-clone complete FILE:LINE:COLUMN [--model MODEL] [--models DIR] [--language ID]
                    [--context] [--root DIR] [--json]
  co-clone check [--model MODEL] [--models DIR] [--json]

  complete  prints what could stand at a place
  check     asks the model to fill a known hole, and looks whether it stops when told to

  FILE:LINE:COLUMN  where to complete, counted from 1; “-” instead of FILE reads standard input,
                    and “-” alone completes at its end
  --model           without it, or auto: a suitable model of Ollama if that answers, else one for
                    the embedded engine if there is one
                    NAME or ollama:NAME: one of Ollama (qwen2.5-coder:1.5b)
                    embedded:NAME or embedded:PATH: one for the embedded engine, by its name
                    (qwen2.5-coder-0.5b) or by its file in GGUF format
                    http://host:11434 or http://host:11434/NAME: one of another server
  --models          where the files of models for the embedded engine are; without it, where the
                    extension keeps them
  --allow-remote    code may be sent to a server that is not on this machine
  --language        the language as VS Code names it, where the file's name does not tell
  --context         shows the model what the folder knows of the place, too: declarations of the
                    names around it and of what the file imports, and similar code
  --root            the folder that is read for that; without it, where the command is run
  --json            prints text, reason, model, prompt, timings and token counts, or the checks

Exit status: 0 with a completion, or with a model that passes. 1 without (the reason is on
standard error), or with a check that failed. 2 when the command line or the model is at fault.`;
