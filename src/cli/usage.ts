/** A command line that cannot be understood; the message says how to write it. */
export class UsageError extends Error {
	override readonly name = 'UsageError';
}

/**
 * What a command line means, read by whatever says with an error that it cannot be.
 * @throws UsageError
 */
export function understood<T>(read: () => T): T {
	try {
		return read();
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

export const usage = `Usage:
  co-clone complete FILE:LINE:COLUMN [--model MODEL] [--models DIR] [--language ID]
                    [--context] [--root DIR] [--choices N] [--eagerness line|block|auto] [--json]
  co-clone check [--model MODEL] [--models DIR] [--json]
  co-clone serve [PORT] [--model MODEL] [--models DIR] [--open] [--config FILE]
                    [--log-level LEVEL] [--tls-cert FILE --tls-key FILE]
                    [--multi-region [--latency REGION=MS]… | --regions FILE] [--location PLACE]
                    [--agent-port PORT [--slots N]]
  co-clone regions render-haproxy FILE [--port PORT] [--cert FILE] [--out DIR]
  co-clone status [--regions] [--json]
  co-clone token [[--name NAME] [--manage] | --list | --revoke ID | --approve CODE | --deny CODE |
                    --share] [--json]
  co-clone login URL [--client-id ID] [--scope SCOPE] [--forget]
  co-clone lsp [--model MODEL] [--models DIR]
  co-clone signatures ROOT --before GIT_REV|DIR [--model MODEL] [--models DIR]
                    [--apply certain|all] [--json]

  complete    prints what could stand at a place
  check       asks the model to fill a known hole, and looks whether it stops when told to
  serve       answers other editors and programs on this machine, in HTTP/1.1 and HTTP/2, on port
              8080 if none is named
  status      says whether that answers, where, with which model, and how much went through it
  regions     writes a configuration of HAProxy for the regions that a file lists, for more users than
              one process serves
  token       makes a key for a program that is to use what serve answers; it is printed once, and
              holds until it is revoked; with --approve it lets a device in that shows a code
  login       signs in at a server on another machine (RFC 8628), so that --model URL may ask it;
              with --forget it signs out
  lsp         answers an editor as a language server, on standard input and output
  signatures  finds functions whose signature changed, what depends on them, and what has to be
              edited there

  FILE:LINE:COLUMN  where to complete, counted from 1; “-” instead of FILE reads standard input,
                    and “-” alone completes at its end
  --model           for signatures: a model gives the values that nobody can know; without it, none
                    is asked. For the others, without it, or auto: a suitable model of Ollama if that answers, else one for
                    the embedded engine if there is one
                    NAME or ollama:NAME: one of Ollama (qwen2.5-coder:1.5b)
                    embedded:NAME or embedded:PATH: one for the embedded engine, by its name
                    (qwen2.5-coder-0.5b) or by its file in GGUF format
                    http://host:11434 or http://host:11434/NAME: one of another server
  --models          where the files of models for the embedded engine are; without it, where the
                    extension keeps them
  --allow-remote    code may be sent to a server that is not on this machine
  --manage          the key may also look after the gateway: let others in, and read its figures
  --share           gateways behind one address, which have the same folder of keys, accept each
                    other's access tokens; once more: they are signed with another key
  --language        the language as VS Code names it, where the file's name does not tell
  --open            lets every user and program of this machine in without a key, for clients that
                    can be told nothing but a host and a port
  --tls-cert        a certificate in PEM format, and with --tls-key its key: the port speaks TLS then
  --config          a file in JSON format with settings of serve (schemas/serve.json says which)
  --log-level       off, error, info (a line for each request), debug or trace: what standard error
                    is told. Sizes and times only; trace writes your code down, too
  --multi-region    passes requests on to four gateways on this machine that answer as late as if they
                    were in us-west, us-east, eu-west and ap-east; --latency says how late
  --regions         passes requests on to the gateways that a file lists (docs/operations.md)
  --location        where this gateway is: us-east, eu and so on; without it, where the clock says
  --agent-port      tells a balancer how much room there is (HAProxy's agent check); when it is ended,
                    serve turns new requests away first, and lets streams come to their end
  --slots           how many answers the model works on at once (32 if it is not said)
  --context         shows the model what the folder knows of the place, too: declarations of the
                    names around it and of what the file imports, and similar code
  --root            the folder that is read for that; without it, where the command is run
  --choices         further completions of the same place, so many in all (1 to 10) where the model has
                    them; a line of --- stands between two, and --json prints a list
  --eagerness       what the editor would show while somebody types: no more than a line, a block
                    wherever one fits, or what the machine has in time (auto). Without it as much as
                    there is, as on demand in the editor
  --before          what ROOT was before: a revision of its git repository, or a folder
  --apply           writes the edits to the files: those that are certain, or all; a value that
                    nobody can know becomes a name that does not compile (TODO_region)
  --json            prints text, reason, model, prompt, timings and token counts, or the checks, or
                    the plan

Exit status of signatures: 0 when nothing is left to do, 1 when something is, 2 when it failed.
Of the others: 0 with a completion, or with a model that passes. 1 without (the reason is on
standard error), or with a check that failed. 2 when the command line or the model is at fault.`;
