type Files = Readonly<Record<string, string>>;

/** A project with one function whose signature got a parameter: `before` and `after` of its declaration, and files that call it. */
interface HoleProject {
	readonly declaration: { readonly path: string; readonly before: string; readonly after: string };
	readonly callers: Files;
}

/** Calls in which a value is missing that no variable of its name gives: what somebody meant can be told from the code around, more or less. */
export const holeProjects: Readonly<Record<string, HoleProject>> = {
	typescript: {
		declaration: {
			path: 'price.ts',
			before: 'export function price(amount: number): string {\n\treturn String(amount);\n}\n',
			after:
				'/**\n * Writes a price.\n * @param currency of the amount, as three letters: EUR, USD\n */\nexport function price(amount: number, currency: string): string {\n\treturn amount + currency;\n}\n',
		},
		callers: {
			'receipt.ts':
				"import { price } from './price';\n\ninterface Order {\n\treadonly total: number;\n\treadonly money: string;\n}\n\nexport function receipt(order: Order): string {\n\tconst tax = order.total * 0.19;\n\treturn 'Total ' + price(order.total) + ', tax ' + price(tax);\n}\n",
			'shop.ts':
				"import { price } from './price';\n\nconst euro = 'EUR';\n\nexport class Shop {\n\tconstructor(private readonly unit: string) {}\n\n\tlabel(cents: number): string {\n\t\treturn price(cents / 100);\n\t}\n}\n\nexport function inEuros(cents: number): string {\n\treturn price(cents / 100);\n}\n\nexport const free = price(0);\n",
		},
	},
	'typescript, a number and a choice': {
		declaration: {
			path: 'retry.ts',
			before: 'export async function retry(work: () => Promise<void>): Promise<void> {\n\tawait work();\n}\n',
			after:
				"export type Mode = 'fast' | 'patient';\n\n/** Does work again when it fails, `attempts` times. */\nexport async function retry(work: () => Promise<void>, attempts: number, mode: 'fast' | 'patient'): Promise<void> {\n\tawait work();\n}\n",
		},
		callers: {
			'upload.ts':
				"import { retry } from './retry';\n\nconst maxUploadAttempts = 5;\n\nexport async function upload(send: () => Promise<void>): Promise<void> {\n\tawait retry(send);\n}\n",
			'ping.ts':
				"import { retry } from './retry';\n\nexport async function ping(send: () => Promise<void>): Promise<void> {\n\t// Once is enough: the next ping comes soon.\n\tawait retry(send);\n}\n",
		},
	},
	python: {
		declaration: {
			path: 'area.py',
			before: 'def area(width):\n    return width * width\n',
			after: 'def area(width, height: float):\n    """The area of a rectangle."""\n    return width * height\n',
		},
		callers: {
			'rooms.py':
				'from area import area\n\n\nclass Room:\n    def __init__(self, length: float, tall: float):\n        self.length = length\n        self.tall = tall\n\n    def wall(self):\n        return area(self.length)\n\n\ndef square(side: float):\n    return area(side)\n\n\ndef door(w: float, h: float):\n    return area(w)\n\n\nprint(area(2.5))\n',
		},
	},
	go: {
		declaration: {
			path: 'log.go',
			before: 'package app\n\nimport "fmt"\n\nfunc Log(message string) {\n\tfmt.Println(message)\n}\n',
			after:
				'package app\n\nimport "fmt"\n\ntype Level int\n\nconst (\n\tDebug Level = iota\n\tInfo\n\tError\n)\n\n// Log writes a message if its level is high enough.\nfunc Log(message string, level Level) {\n\tfmt.Println(level, message)\n}\n',
		},
		callers: {
			'run.go':
				'package app\n\nimport "errors"\n\nvar errStopped = errors.New("stopped")\n\nfunc Run(work func() error) error {\n\tLog("starting")\n\tif err := work(); err != nil {\n\t\tLog("failed: " + err.Error())\n\t\treturn err\n\t}\n\tLog("done")\n\treturn nil\n}\n',
		},
	},
	java: {
		declaration: {
			path: 'app/Mailer.java',
			before: 'package app;\n\nclass Mailer {\n\tstatic void send(String to, String text) {\n\t}\n}\n',
			after:
				'package app;\n\nclass Mailer {\n\t/** Sends a mail. The subject is a short title of it. */\n\tstatic void send(String to, String text, String subject) {\n\t}\n}\n',
		},
		callers: {
			'app/Orders.java':
				'package app;\n\nclass Orders {\n\tprivate static final String CONFIRMED = "Your order is confirmed";\n\n\tvoid confirm(String customer, String title, int number) {\n\t\tMailer.send(customer, "We got your order " + number);\n\t}\n\n\tvoid cancel(String customer, int number) {\n\t\tMailer.send(customer, "Your order " + number + " is cancelled");\n\t}\n}\n',
		},
	},
};

/** The files of a project before and after. */
export function filesOf({ declaration: { path, before, after }, callers }: HoleProject): { readonly before: Files; readonly after: Files } {
	return { before: { ...callers, [path]: before }, after: { ...callers, [path]: after } };
}
