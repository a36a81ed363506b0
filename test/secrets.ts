/** One secret and how it stands in a text. */
export interface Planted {
	readonly way: string;
	readonly file: string;
	readonly languageId: string;
	readonly secret: string;
	readonly text: string;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const alphabets = {
	alnum: `${letters}0123456789`,
	upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
	hex: '0123456789abcdef',
	base64: `${letters}0123456789+/`,
};

let state = 1;

/** The same characters in every run. They are made here so that no scanner takes this file for one that has secrets. */
function drawn(length: number, alphabet: keyof typeof alphabets = 'alnum'): string {
	const characters = alphabets[alphabet];
	let text = '';
	while (text.length < length) {
		state = (state * 48271) % 2147483647;
		text += characters[(state >> 8) % characters.length];
	}
	return text;
}

const key = () => Array.from({ length: 12 }, () => drawn(64, 'base64')).join('\n');
const jwt = () => [`eyJ${drawn(30)}`, `eyJ${drawn(60)}`, drawn(43)].join('.');
const uuid = () => [8, 4, 4, 4, 12].map((length) => drawn(length, 'hex')).join('-');

/** Each secret once; `§` is where it stands. */
const ways: readonly (readonly [way: string, file: string, languageId: string, secret: string, text: string])[] = [
	['a token of GitHub in a constant', 'a.ts', 'typescript', `ghp_${drawn(36)}`, "const github = '§';"],
	['a fine-grained token of GitHub in a comment', 'b.ts', 'typescript', `github_pat_${drawn(60)}`, '// use § for now'],
	['a key of AWS', 'c.py', 'python', `AKIA${drawn(16, 'upper')}`, 'client = boto3.client("s3", aws_access_key_id="§")'],
	['its secret half', 'd.py', 'python', drawn(40, 'base64'), 'aws_secret_access_key = "§"'],
	['the same in an ini file', 'e.ini', 'ini', drawn(40, 'base64'), '[default]\naws_secret_access_key = §'],
	['a token of GitLab in an address', 'f.sh', 'shellscript', `glpat-${drawn(20)}`, 'git clone https://oauth2:§@gitlab.com/a/b.git'],
	['a token of Slack', 'g.rb', 'ruby', `xoxb-${drawn(11, 'hex')}-${drawn(24)}`, "Slack.configure { |c| c.token = '§' }"],
	[
		'a webhook of Slack',
		'h.js',
		'javascript',
		`T${drawn(8, 'upper')}/B${drawn(8, 'upper')}/${drawn(24)}`,
		"post('https://hooks.slack.com/services/§')",
	],
	['a live key of Stripe', 'i.php', 'php', `sk_live_${drawn(24)}`, "\\Stripe\\Stripe::setApiKey('§');"],
	['a key of Google', 'j.html', 'html', `AIza${drawn(35)}`, '<script src="https://maps.googleapis.com/maps/api/js?key=§"></script>'],
	['a client secret of Google', 'k.json', 'json', `GOCSPX-${drawn(28)}`, '{ "client_secret": "§" }'],
	['a key of OpenAI', 'l.py', 'python', `sk-proj-${drawn(48)}`, 'client = OpenAI(api_key="§")'],
	['a key of Anthropic in a shell', 'm.sh', 'shellscript', `sk-ant-api03-${drawn(93)}AA`, 'export ANTHROPIC_API_KEY=§'],
	['a token of npm', 'n.yml', 'yaml', `npm_${drawn(36)}`, 'env:\n  NODE_AUTH_TOKEN: §'],
	['a token of PyPI', 'o.toml', 'toml', `pypi-AgEIcHlwaS5vcmc${drawn(60)}`, '[pypi]\npassword = "§"'],
	[
		'a key of a storage account',
		'p.cs',
		'csharp',
		`${drawn(86, 'base64')}==`,
		'var c = "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=§;EndpointSuffix=core.windows.net";',
	],
	['a client secret of Azure', 'q.tf', 'terraform', `${drawn(3)}8Q~${drawn(34)}`, 'client_secret = "§"'],
	['a signed address', 'r.go', 'go', `${drawn(43)}%3D`, 'const blob = "https://a.blob.core.windows.net/c/b?sv=2022-11-02&sig=§"'],
	['a JSON Web Token in a header', 's.http', 'http', jwt(), 'GET /me\nAuthorization: Bearer §'],
	['one in a test', 't.test.ts', 'typescript', jwt(), "expect(decode('§')).toBeTruthy();"],
	[
		'a private key in a template',
		'u.ts',
		'typescript',
		key(),
		'const pem = `-----BEGIN RSA PRIVATE KEY-----\n§\n-----END RSA PRIVATE KEY-----`;',
	],
	[
		'a private key on one line of JSON',
		'v.json',
		'json',
		key().replaceAll('\n', '\\n'),
		'{ "private_key": "-----BEGIN PRIVATE KEY-----\\n§\\n-----END PRIVATE KEY-----\\n" }',
	],
	[
		'a private key in pieces',
		'w.go',
		'go',
		key().split('\n').slice(0, 1).join(''),
		'var k = "-----BEGIN EC PRIVATE KEY-----\\n" +\n\t"§\\n" +\n\t"-----END EC PRIVATE KEY-----"',
	],
	[
		'a password in the address of a database',
		'x.py',
		'python',
		`p${drawn(9)}`,
		'engine = create_engine("postgresql://app:§@db.internal:5432/app")',
	],
	[
		'a password in a connection string',
		'y.cs',
		'csharp',
		`Zx9!${drawn(8)}`,
		'var c = "Server=db;Database=a;User Id=sa;Password=§;Encrypt=true";',
	],
	['a password in YAML', 'z.yaml', 'yaml', `s3${drawn(10)}!`, 'spring:\n  datasource:\n    password: §'],
	['a password in properties', 'aa.properties', 'properties', `Qw7#${drawn(8)}`, 'spring.datasource.password=§'],
	['a password in XML', 'ab.xml', 'xml', `hunter2${drawn(4)}`, '<server><username>me</username><password>§</password></server>'],
	['a password as an attribute', 'ac.xml', 'xml', `Vb4${drawn(9)}`, '<add key="DbPassword" value="§" />'],
	['a password that somebody made up', 'ad.js', 'javascript', 'tr0ub4dor&3', "const password = '§';"],
	['a password in an object', 'ae.js', 'javascript', `My${drawn(9)}9`, "connect({ user: 'me', password: '§' })"],
	['a password with a type', 'af.ts', 'typescript', `K9${drawn(9)}`, "const dbPassword: string = '§';"],
	['a password compared with', 'ag.java', 'java', `j4va${drawn(6)}`, 'if (password.equals("x") || password == "§") {'],
	['a password as an argument', 'ah.java', 'java', `Ld8${drawn(9)}`, 'dataSource.setPassword("§");'],
	['a password on a command line', 'ai.sh', 'shellscript', `Tr5${drawn(9)}`, 'mysqldump --user=root --password=§ shop > shop.sql'],
	['a user and a password for curl', 'aj.sh', 'shellscript', `cu7${drawn(9)}`, 'curl -u admin:§ https://ci.internal/api'],
	['basic authentication', 'ak.js', 'javascript', btoa(`admin:${drawn(12)}`), "headers: { Authorization: 'Basic §' }"],
	['a default for the environment', 'al.js', 'javascript', drawn(32), "const apiKey = process.env.API_KEY || '§';"],
	['a default for the environment in Python', 'am.py', 'python', drawn(40), 'SECRET_KEY = os.environ.get("SECRET_KEY", "§")'],
	['a key in hexadecimal', 'an.ts', 'typescript', drawn(64, 'hex'), "const encryptionKey = '§';"],
	['a key that is a UUID', 'ao.rb', 'ruby', uuid(), "api_key: '§'"],
	['a secret in a hash of Ruby', 'ap.rb', 'ruby', drawn(30), ':client_secret => "§",'],
	['a define of PHP', 'aq.php', 'php', `wp${drawn(14)}`, "define('DB_PASSWORD', '§');"],
	['an argument of a container', 'ar.dockerfile', 'dockerfile', drawn(28), 'ENV API_TOKEN=§'],
	['the values of a chart', 'as.yaml', 'yaml', drawn(24), 'auth:\n  accessToken: "§"'],
	['a cell of a notebook', 'at.ipynb', 'json', drawn(36), '{ "source": ["api_token = \\"§\\"\\n"] }'],
	['a diff', 'au.diff', 'diff', `hvs.${drawn(30)}`, '-  token: old\n+  token: §'],
	['a log', 'av.log', 'log', `dop_v1_${drawn(64, 'hex')}`, '12:00:01 DEBUG using token § for user 7'],
	['a sentence', 'aw.md', 'markdown', `Gr8${drawn(9)}!`, 'The password is §, do not tell anybody.'],
	['SQL', 'ax.sql', 'sql', `sq1${drawn(9)}`, "CREATE ROLE app WITH LOGIN PASSWORD '§';"],
];

export const planted: readonly Planted[] = ways.map(([way, file, languageId, secret, text]) => ({
	way,
	file,
	languageId,
	secret,
	text: text.replace('§', () => secret),
}));
