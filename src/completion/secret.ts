/**
 * Files that hold secrets by custom: environment files, keys, certificates, credentials. They are never sent to a model, not even
 * on demand, and not as context either.
 */
const secretNames = [
	/^\.env($|[.\-_])/,
	/\.env$/,
	/^\.?envrc$/,
	/^\.dev\.vars$/,
	/\.(pem|key|pfx|p12|p8|pkcs12|jks|keystore|kdbx?|asc|gpg|pgp|ppk|crt|cer|der|csr|ovpn|mobileprovision|tfvars|tfstate|agekey)$/,
	/\.(tfvars\.json|tfstate\.backup)$/,
	/^id_(rsa|dsa|ecdsa|ed25519)/,
	/^\.?(netrc|_netrc|npmrc|pypirc|pgpass|my\.cnf|git-credentials|htpasswd|dockercfg|dockerconfigjson|boto|s3cfg|vault-token|authinfo)$/,
	/^(credentials|secrets?|service[-_]account.*)(\.(json|ya?ml|toml|ini|xml|properties))?$/,
	/\.secrets?(\.(json|ya?ml|toml|ini|env))?$/,
	/^(master|production|development)\.key$/,
	/^(known_hosts|authorized_keys|wallet\.dat|shadow|gshadow)$/,
];

const secretFolders = /(^|\/)(\.ssh|\.aws|\.gnupg|\.kube|\.azure|\.docker|\.config\/gcloud)\//;

/** Examples of environment files are made to be read. */
const examples = /^\.env\.(example|sample|template|dist)$/;

/** Whether a file is one of those that are never sent. Takes a path with `/` or `\`, in any case. */
export function isSecretPath(path: string): boolean {
	const normal = path.replaceAll('\\', '/').toLowerCase();
	const name = normal.slice(normal.lastIndexOf('/') + 1);
	return secretFolders.test(normal) || (secretNames.some((pattern) => pattern.test(name)) && !examples.test(name));
}
