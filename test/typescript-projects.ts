import type { EditedProject } from './edited-project.ts';

/** Projects that TypeScript accepts, by what is done to a signature in them. */
export const typescriptProjects: Readonly<Record<string, EditedProject>> = {
	'two parameters, under every name that they are called by': {
		files: {
			'price.ts':
				'export function price(net: number, currency: string): string {\n\treturn net + currency;\n}\nexport default price;\nexport const worth = price;\n',
			'index.ts': "export { price as cost } from './price.js';\nexport * from './price.js';\nexport * as prices from './price.js';\n",
			'use.ts':
				"import any, { price, worth } from './price.js';\nimport * as module from './price.js';\nimport { cost, prices, price as again } from './index.js';\n\nprice(1, 'a');\nany(2, 'b');\nworth(3, 'c');\nmodule.price(4, 'd');\ncost(6, 'f');\nagain(7, 'g');\nprices.price(8, 'h');\nconst { price: own } = module;\nown(9, 'i');\nexport const later = async () => {\n\tconst { price } = await import('./price.js');\n\treturn price(10, 'j');\n};\n",
		},
		edits: [['net: number, currency: string', 'currency: string, net: number']],
	},
	'two parameters of a constructor': {
		files: {
			'user.ts':
				"export class User {\n\tconstructor(readonly name: string, private readonly age: number) {}\n\n\tstatic nobody(): User {\n\t\treturn new User('nobody', 0);\n\t}\n\n\tolder(): User {\n\t\treturn new User(this.name, this.age + 1);\n\t}\n}\n",
			'admin.ts':
				"import { User } from './user.js';\n\nexport class Guest extends User {}\n\nexport class Admin extends User {\n\tconstructor() {\n\t\tsuper('root', 99);\n\t}\n}\n",
			'use.ts':
				"import { Admin, Guest } from './admin.js';\nimport * as users from './user.js';\nimport { User as Person } from './user.js';\n\nexport const people: Person[] = [new Person('a', 1), new Guest('b', 2), new users.User('c', 3), new Admin()];\nconst Kind = Person;\npeople.push(new Kind('d', 4));\n",
		},
		edits: [['readonly name: string, private readonly age: number', 'private readonly age: number, readonly name: string']],
	},
	'two parameters of a method that others implement': {
		files: {
			'store.ts': 'export interface Store {\n\tget(key: string, version: number): string;\n}\n',
			'memory.ts':
				"import type { Store } from './store.js';\n\nexport class Memory implements Store {\n\tget(key: string, version: number): string {\n\t\treturn key + version;\n\t}\n}\n\nexport class Loud extends Memory {\n\toverride get(key: string, version: number): string {\n\t\treturn super.get(key, version).toUpperCase();\n\t}\n}\n\nexport const empty: Store = {\n\tget(key: string, version: number) {\n\t\treturn key + version;\n\t},\n};\n\nexport const arrow: Store = { get: (key: string, version: number) => key + version };\nexport const shared: Store = new Loud();\n",
			'use.ts':
				"import { empty, Loud, Memory, shared as common } from './memory.js';\nimport type { Store } from './store.js';\n\nclass Shop {\n\treadonly #own = new Memory();\n\tprivate readonly other: Store;\n\n\tconstructor(private readonly store: Store, other: Store) {\n\t\tthis.other = other;\n\t}\n\n\tshow(): string {\n\t\treturn this.store.get('a', 1) + this.#own.get('b', 2) + this.other.get('c', 3);\n\t}\n}\n\nexport function read(store: Store | undefined): string {\n\treturn (store?.get('d', 4) ?? '') + new Loud().get('f', 6) + empty.get('g', 7) + common.get('h', 8);\n}\n\nconsole.log(new Shop(empty, new Loud()).show());\n",
		},
		edits: [['key: string, version: number', 'version: number, key: string']],
	},
	'a property of the options': {
		files: {
			'open.ts':
				'export interface Options {\n\tname: string;\n\tsize?: number;\n}\n\nexport function open({ name, size = 1 }: { name: string; size?: number }): string {\n\treturn name + size;\n}\n',
			'use.ts':
				"import { open } from './open.js';\n\nconst name = 'a';\nopen({ name });\nopen({ size: 2, name: 'b' });\nopen({ name: `c`, size: 3 });\n",
		},
		edits: [
			['{ name, size = 1 }: { name: string; size?: number }', '{ title, size = 1 }: { title: string; size?: number }'],
			['name + size', 'title + size'],
		],
	},
	'a function that has to be waited for': {
		files: {
			'load.ts': 'export function load(path: string): string {\n\treturn path;\n}\n',
			'lines.ts':
				"import { load } from './load.js';\n\nexport function first(path: string): string {\n\treturn load(path).split('\\n')[0] ?? '';\n}\n\nexport class Reader {\n\tread(path: string): number {\n\t\treturn load(path).length + first(path).length;\n\t}\n}\n\nexport const last = (path: string): string => load(path).slice(-1);\n",
			'main.ts':
				"import { first, last, Reader } from './lines.js';\n\nexport async function main(): Promise<number> {\n\tconst reader = new Reader();\n\tif (first('a').startsWith('b')) return reader.read('c') + 1;\n\tfor (const each of last('d')) console.log(each);\n\treturn [first('e')].length;\n}\n",
		},
		edits: [['export function load(path: string): string', 'export async function load(path: string): Promise<string>']],
	},
	'a function that is passed on': {
		files: {
			'rank.ts': 'export function rank(name: string): number {\n\treturn name.length;\n}\n',
			'use.ts':
				"import { rank } from './rank.js';\n\nconst names = ['x', 'yy'];\nexport const ranks: number[] = names.map(rank);\nexport const table: Record<string, (name: string) => number> = { rank };\nconst by: (name: string) => number = rank;\nsetTimeout(rank, 10, 'z');\nconsole.log(by('q'));\n",
		},
		edits: [['name: string', 'base = 1, name = ""']],
	},
	'functions in a namespace, an object and a field': {
		files: {
			'api.ts': 'export namespace api {\n\texport function hit(at: number, name: string): void {\n\t\tconsole.log(at, name);\n\t}\n}\n',
			'use.ts': "import { api } from './api.js';\n\napi.hit(1, 'a');\nconst { hit } = api;\nhit(2, 'b');\n",
		},
		edits: [['at: number, name: string', 'name: string, at: number']],
	},
	'a method of an object': {
		files: {
			'api.ts':
				'export const api = {\n\thit(at: number, name: string): void {\n\t\tconsole.log(at, name);\n\t},\n\ttwice(): void {\n\t\tthis.hit(2, "t");\n\t\tapi.hit(3, "u");\n\t},\n};\n',
			'use.ts': "import { api } from './api.js';\n\napi.hit(1, 'a');\nconst { hit } = api;\nhit(3, 'c');\n",
		},
		edits: [['at: number, name: string', 'name: string, at: number']],
	},
	'a function in a field': {
		files: {
			'button.ts':
				"export class Button {\n\tpress = (times: number, key: string): string => key.repeat(times);\n\n\ttwice(): string {\n\t\treturn this.press(2, 'a');\n\t}\n}\n",
			'use.ts':
				"import { Button } from './button.js';\n\nconst button = new Button();\nbutton.press(3, 'b');\nconst { press } = button;\npress(4, 'c');\n",
		},
		edits: [['times: number, key: string', 'key: string, times: number']],
	},
	'a generic function': {
		files: {
			'map.ts': 'export function map<T, U>(all: readonly T[], each: (one: T) => U): U[] {\n\treturn all.map(each);\n}\n',
			'use.ts':
				"import { map } from './map.js';\n\nexport const one: number[] = map(['a'], (text) => text.length);\nexport const two = map<number, string>([1], String);\nexport const three = map(map([1], (n) => n + 1), (n) => String(n));\n",
		},
		edits: [['all: readonly T[], each: (one: T) => U', 'each: (one: T) => U, all: readonly T[]']],
	},
	'an abstract method': {
		files: {
			'shape.ts':
				"export abstract class Shape {\n\tabstract scale(by: number, name: string): Shape;\n\n\ttwice(): Shape {\n\t\treturn this.scale(2, 'twice');\n\t}\n}\n",
			'circle.ts':
				"import { Shape } from './shape.js';\n\nexport class Circle extends Shape {\n\tscale(by: number, name: string): Circle {\n\t\tconsole.log(by, name);\n\t\treturn this;\n\t}\n}\n",
			'use.ts':
				"import { Circle } from './circle.js';\nimport type { Shape } from './shape.js';\n\nexport const grow = (shape: Shape) => shape.scale(1, 'a');\nnew Circle().scale(2, 'b');\nexport const all = (shapes: Shape[]) => shapes.map((shape) => shape.twice());\n",
		},
		edits: [['by: number, name: string', 'name: string, by: number']],
	},
};
