/**
 * Tokens that can be told by how they look, with what comes after the part that says whose they are. Collected from what the issuers
 * document and from what gitleaks (https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml), detect-secrets and secretlint
 * look for. Only those whose beginning is telling: for the others there is the name that they are assigned to.
 */
const telling: readonly (readonly [beginning: string, rest: string])[] = [
	// AWS
	['AKIA', '[A-Z0-9]{16}(?![A-Z0-9])'],
	// GitHub, GitLab, Atlassian, Docker Hub
	['gh[pousr]_', '[A-Za-z0-9]{30,}'],
	['github_pat_', '\\w{22,}'],
	['gl(?:pat|dt|rt|ptt|soat|ft|cbt|oas|agent|imt|ffct)-', '[\\w-]{18,}'],
	['dckr_(?:pat|oat)_', '[\\w-]{20,}'],
	// Slack, Discord's and Telegram's bots
	['xox[abeoprs][.-]', '[\\w.-]{10,}'],
	['xapp-\\d-', '[\\w-]{10,}'],
	['[MNO][A-Za-z\\d]{23,25}\\.[\\w-]{6}\\.', '[\\w-]{27,}'],
	['\\d{8,10}:AA', '[\\w-]{33}'],
	// Stripe, Square, Shopify, Braintree
	['(?:sk|rk)_(?:live|test|prod)_', '[A-Za-z0-9]{10,}'],
	['whsec_', '[A-Za-z0-9+/=]{24,}'],
	['sq0(?:atp|csp)-', '[\\w-]{22,}'],
	['shp(?:at|ca|pa|ss)_', '[A-Fa-f0-9]{32}'],
	['access_token\\$(?:production|sandbox)\\$', '[a-z0-9]{16}\\$[a-f0-9]{32}'],
	// Google
	['AIza', '[\\w-]{35}'],
	['GOCSPX-', '[\\w-]{20,}'],
	['ya29\\.', '[\\w-]{20,}'],
	// Those who sell models
	['sk-(?:proj|svcacct|admin|None|ant-[a-z]+\\d\\d|or-v1|lf)-', '[\\w-]{20,}'],
	// Registries of packages
	['pypi-AgE', '[\\w-]{20,}'],
	['rubygems_', '[a-f0-9]{48}'],
	// Clouds and what runs on them
	['do[opr]_v1_', '[a-f0-9]{40,}'],
	['hv[sbr]\\.', '[\\w-]{24,}'],
	['pscale_(?:tkn|pw|oauth)_', '[\\w.=-]{32,}'],
	// Our own gateway
	['cck_', '[a-z0-9]{10}_[\\w-]{43}'],
	// Others
	['PMAK-', '[a-f0-9]{24}-[a-f0-9]{34}'],
	['AGE-SECRET-KEY-1', '[A-Z0-9]{58}'],
	['ops_eyJ', '[A-Za-z0-9+/=]{100,}'],
	// JSON Web Tokens
	['eyJ[\\w-]{10,}\\.eyJ', '[\\w-]{8,}(?:\\.[\\w-]*)?'],
];

/** Those whose beginning alone may begin something else. */
const vague: typeof telling = [
	['A(?:SIA|BIA|CCA)', '[A-Z0-9]{16}(?![A-Z0-9])'],
	['npm_', '[A-Za-z0-9]{36}'],
	['AT(?:ATT3|CTT3|BB)', '[\\w=-]{28,}'],
	['1//0', '[\\w-]{30,}'],
	['sk-', '[A-Za-z0-9]{32,}'],
	['(?:hf|gsk|r8|xai|pplx|nvapi|fw|tgp_v1)[_-]', '[A-Za-z0-9_-]*\\d[A-Za-z0-9_-]{24,}'],
	['oy2', '[a-z0-9]{43}(?![a-z0-9])'],
	['(?:CLOJARS|cio)_?', '[a-z0-9]{60}'],
	['[A-Za-z0-9_~.]{3}\\dQ~', '[\\w~.-]{31,34}'],
	['dapi', '[a-f0-9]{32}'],
	['(?:LTAI|AKID)', '[A-Za-z0-9]{20,32}(?![A-Za-z0-9])'],
	['(?:sbp|pul)[_-]', '[a-f0-9]{40}'],
	['dp\\.(?:pt|st|sa|ct|scim|audit)\\.', '[\\w.]{40,}'],
	['(?:fo1_|fm[12][a-z]?_)', '[\\w+/=-]{40,}'],
	['HRKU-', '[\\w-]{36,}'],
	['(?:nfp|CCIPAT|bkua|glc|glsa|sntrys|sntryu|figd|CFPAT|ntn|lin_api|lin_oauth)[_-]', '\\w*\\d\\w{24,}'],
	['SG\\.', '[\\w-]{16,}\\.[\\w-]{16,}'],
	['SK', '[0-9a-f]{32}(?![0-9a-f])'],
	['key-', '[0-9a-f]{32}(?![0-9a-f])'],
	['NR(?:AK|II|AA|JS)-', '[\\w-]{27,}'],
	['pat[A-Za-z0-9]{14}\\.', '[a-f0-9]{64}'],
	['EAA[A-Z]', '[A-Za-z0-9]{60,}'],
];

/** One of them anywhere in a text. */
export const tokens = new RegExp(`\\b(?:${[...telling, ...vague].map(([beginning, rest]) => beginning + rest).join('|')})`, 'g');

/** Those that are told by what stands before them, which is no secret: parts of addresses and of connection strings. */
export const tokensBehind =
	/(?:hooks\.slack\.com\/(?:services|workflows)\/|discord(?:app)?\.com\/api\/webhooks\/|[?&]sig=|AccountKey=|SharedAccessKey=|\.atlasv1\.)([\w/%+=-]{20,})/g;

/** One that is still being written at the end of a text. */
export const openToken = new RegExp(`\\b(?:${telling.map(([beginning]) => beginning).join('|')})[\\w.=/+-]*$`);
