/**
 * Files that hold secrets by custom: environment files, keys, certificates, credentials, state that has secrets written into it. They
 * are never sent to a model, not even on demand, and not as context either.
 */
const secretNames = [
	/^\.env($|[.\-_])/,
	/\.env$/,
	/^\.?envrc$/,
	/^\.dev\.vars/,
	/\.(pem|key|pfx|p12|p8|pkcs12|jks|keystore|truststore|bks|kdbx?|asc|gpg|pgp|ppk|crt|cer|der|csr|ovpn|mobileprovision|agekey|keytab)$/,
	/\.(tfvars|tfstate)($|\.)/,
	/^terraform\.rc$|^\.terraformrc$/,
	/^id_(rsa|dsa|ecdsa|ed25519)/,
	/^\.?(netrc|_netrc|npmrc|pypirc|pgpass|my\.cnf|git-credentials|htpasswd|htdigest|dockercfg|dockerconfigjson|boto|s3cfg)$/,
	/^\.?(vault-token|vault_pass(\.txt)?|authinfo|esmtprc|msmtprc|mailrc|fetchmailrc|rclone\.conf|ngrok\.ya?ml|wgetrc|curlrc|gemrc)$/,
	/^(credentials|secrets?|service[-_]?account[^.]*|.*[-_.]service[-_]?account|client_secrets?[^.]*|application_default_credentials)(\.(json|ya?ml|toml|ini|xml|properties))?$/,
	/\.secrets?(\.(json|ya?ml|toml|ini|env))?$/,
	/(^|[-_.])firebase-adminsdk.*\.json$/,
	/^kubeconfig(\.ya?ml)?$|\.kubeconfig$/,
	/^(master|production|development)\.key$/,
	/^(known_hosts|authorized_keys|wallet\.dat|shadow|gshadow|accesstokens\.json|azureprofile\.json|msal_token_cache\..*)$/,
	/^wg\d+\.conf$/,
];

const secretFolders =
	/(^|\/)(\.ssh|\.aws|\.gnupg|\.kube|\.azure|\.docker|\.password-store|\.config\/(gcloud|gh|hub|op|doctl|sops)|\.terraform\.d)\//;

/** Examples of environment files are made to be read. */
const examples = /^\.env\.(example|sample|template|dist)$/;

/** Whether a file is one of those that are never sent. Takes a path with `/` or `\`, in any case. */
export function isSecretPath(path: string): boolean {
	const normal = path.replaceAll('\\', '/').toLowerCase();
	const name = normal.slice(normal.lastIndexOf('/') + 1);
	return secretFolders.test(normal) || (secretNames.some((pattern) => pattern.test(name)) && !examples.test(name));
}
