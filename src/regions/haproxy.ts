import type { Region } from './region.ts';

interface TierOptions {
	/** Where clients find the tier. */
	readonly port: number;
	/** Where the map will be: HAProxy looks for it in whatever folder it is started. */
	readonly map: string;
	/** A file with a certificate and its key, in PEM format: then other machines may come, and must encrypt. */
	readonly certificate: string | undefined;
}

interface Tier {
	readonly config: string;
	/** From the name of a region to the backend that has it alone, for those who pin their requests. */
	readonly map: string;
}

/** What the two files are called. */
export const tierFiles = { config: 'haproxy.cfg', map: 'regions.map' } as const;

/**
 * HAProxy in front of regions, for more users than one process serves. Servers are named by their address, because HAProxy can send each the name of
 * the server that it asks, and a gateway answers only under its own.
 */
export function renderHaproxy(regions: readonly Region[], options: TierOptions): Tier {
	const config = [globally, defaults, frontend(options), automatic(regions), signIn(regions), ...regions.map(alone)].join('\n\n');
	const map = regions.map(({ name }) => `${name.toLowerCase()} ${backendOf(name)}\n`).join('');
	return { config: `${config}\n`, map };
}

const globally = `global
  # A request that does not fit is never tried again elsewhere, and prompts are long.
  tune.bufsize 65536
  # After a reload: for streams to come to their end.
  hard-stop-after 90s`;

const failure = JSON.stringify({ error: { code: 'no-region', message: 'No region can answer now.' } }).replaceAll('"', '\\"');

const defaults = `defaults
  mode http
  # Who goes away stops the model.
  option abortonclose
  timeout connect 500ms
  timeout client 60s
  # Between two bytes: longer than streams are silent.
  timeout server 60s
  timeout http-request 5s
  timeout queue 1s
  timeout check 1s
  # Without all of it at hand a request cannot be asked again.
  option http-buffer-request
  # Only what has cost nothing yet is asked again: more would compute answers twice. Twice, because a connection that ends takes several along.
  retries 2
  retry-on conn-failure empty-response 503
  option redispatch 1
  http-reuse always
  # 404 of a check: nothing new, but what is under way goes on.
  http-check disable-on-404
  http-error status 503 content-type application/json hdr Retry-After 5 string "${failure}"`;

function frontend({ port, map, certificate }: TierOptions): string {
	const bind = certificate === undefined ? `127.0.0.1:${port}` : `:::${port} v4v6 ssl crt ${certificate} alpn h2,http/1.1`;
	return `frontend gateway
  bind ${bind}
  # HTTP/2 says the host in the address, too, where it would stay what the client wrote.
  http-request set-uri %[pathq]
  # For a tier in front of this one.
  http-request return status 404 content-type text/plain string none if { path /healthz } { nbsrv(regions) eq 0 }
  http-request return status 200 content-type text/plain string ok if { path /healthz }
  use_backend sign_in if { path_beg /oauth/ }
  use_backend %[req.hdr(x-co-clone-region),lower,map_str(${map})]
  # Where no region is named, or one that nobody knows.
  default_backend regions`;
}

function automatic(regions: readonly Region[]): string {
	return `backend regions
  balance leastconn
  http-send-name-header Host
  option httpchk
  http-check send meth GET uri /healthz ver HTTP/1.1 hdr Host %[srv_name]
  default-server inter 500ms fall 2 rise 2 max-reuse 400 on-marked-down shutdown-sessions
${regions.map((region) => `  ${server(region)} ${checks(region)}\n  ${says(region)}`).join('\n')}`;
}

/** Who waits for a code to be approved waits at one gateway: as long as it is well, always the same. */
function signIn(regions: readonly Region[]): string {
	return `backend sign_in
  http-send-name-header Host
${regions.map((region, index) => `  ${server(region)} track regions/${hostOf(region)}${index === 0 ? '' : ' backup'}`).join('\n')}`;
}

function alone(region: Region): string {
	return `backend ${backendOf(region.name)}
  http-send-name-header Host
  default-server max-reuse 400 on-marked-down shutdown-sessions
  ${server(region)} track regions/${hostOf(region)}
  ${says(region)}`;
}

function server({ url }: Region): string {
	const { protocol, hostname, port } = new URL(url);
	const isEncrypted = protocol === 'https:';
	const address = `${hostname}:${port || (isEncrypted ? 443 : 80)}`;
	const how = isEncrypted ? `ssl verify required ca-file @system-ca sni str(${hostname}) alpn h2` : 'proto h2';
	return `server ${new URL(url).host} ${address} ${how}`;
}

function checks({ url, agentPort }: Region): string {
	const { protocol, hostname } = new URL(url);
	const check = protocol === 'https:' ? `check check-sni ${hostname} check-alpn h2` : 'check check-proto h2';
	return agentPort === undefined ? check : `${check} weight 100 agent-check agent-port ${agentPort} agent-inter 500ms`;
}

function says(region: Region): string {
	return `http-response set-header x-co-clone-region ${region.name} if { srv_name ${hostOf(region)} }`;
}

function hostOf({ url }: Region): string {
	return new URL(url).host;
}

function backendOf(name: string): string {
	return `only_${name}`;
}
