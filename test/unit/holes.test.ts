import assert from 'node:assert/strict';
import type { Parse } from '../../src/grammar/syntax.ts';
import { askForValues, type HoleAnswer } from '../../src/holes/ask.ts';
import { isWithin, reaches } from '../../src/holes/blame.ts';
import { firstExpression } from '../../src/holes/expression.ts';
import { judge } from '../../src/holes/judge.ts';
import { promptFor } from '../../src/holes/prompt.ts';
import { type HoleQuestion, questionFor } from '../../src/holes/question.ts';
import type { HoleSite } from '../../src/holes/site.ts';
import { holesOf, siteOf } from '../../src/holes/sites.ts';
import { ModelError } from '../../src/model/model-error.ts';
import { placeValues } from '../../src/signature/hole.ts';
import { parserOf } from '../grammars.ts';
import { ScriptedModel } from '../scripted-model.ts';
import { planted as secrets } from '../secrets.ts';
import { planned } from '../signature-plan.ts';

type Files = Readonly<Record<string, string>>;

interface Place {
	readonly site: HoleSite;
	readonly parse: Parse;
}

/** The holes that a changed declaration leaves in a project, in the order of its files. */
async function placesIn(
	languageId: string,
	[path, before, after]: readonly string[],
	callers: Files,
	mayShow = true,
): Promise<readonly Place[]> {
	const parse = await parserOf(languageId);
	const all = [...Object.entries(callers).map(([of, text]) => [of, text, text]), [path, before, after]];
	const files = all.map(([of = '', old = '', now = '']) => ({ path: of, languageId, before: old, after: now }));
	const plan = await planned(files);
	const texts = new Map(files.map((file) => [file.path, { path: file.path, languageId, text: file.after }]));
	const sites = holesOf(plan.dependents).map((id) =>
		siteOf(id, { ...plan, fileAt: (of) => texts.get(of), parse: () => parse, mayShow: () => mayShow }),
	);
	return sites.flatMap((site) => (site ? [{ site, parse }] : []));
}

async function placeIn(...project: Parameters<typeof placesIn>): Promise<Place> {
	const [place] = await placesIn(...project);
	assert.ok(place, 'There is no hole.');
	return place;
}

async function questionIn(...project: Parameters<typeof placesIn>): Promise<HoleQuestion> {
	const { site, parse } = await placeIn(...project);
	const question = questionFor(site, parse);
	assert.ok('about' in question, JSON.stringify(question));
	return question;
}

const scripted = new ScriptedModel().modelFacts;

const typescript = {
	declaration: [
		'area.ts',
		'export function area(width: number) {}',
		'/** @param height in metres */\nexport function area(width: number, height: number) {}',
	],
	callers: {
		'rooms.ts':
			"import { area } from './area';\nimport { doorHeight, log } from './house';\n\nconst floors = 2;\n\nexport class Room {\n\tprivate tall: number = 2.5;\n\n\twall(length: number, name: string, scale?: number) {\n\t\tlog(name);\n\t\treturn area(length);\n\t}\n\n\tstatic hidden(secretWidth: number) {\n\t\treturn secretWidth;\n\t}\n}\n",
	},
} as const;
const python = {
	declaration: ['area.py', 'def area(width): ...', 'def area(width, height: float):\n    """In metres."""'],
	callers: {
		'rooms.py':
			'from area import area\nimport house\n\n\nclass Room:\n    def __init__(self, tall):\n        self.tall = tall\n\n    def wall(self, length, name: str):\n        print(name)\n        return area(length)\n\n\ndef other(far):\n    return far\n',
	},
} as const;
const go = {
	declaration: [
		'log.go',
		'package app\n\nfunc Log(text string) {}\n',
		'package app\n\ntype Level int\n\nconst (\n\tInfo Level = iota\n\tError\n)\n\nfunc Log(text string, level Level) {}\n',
	],
	callers: {
		'run.go':
			'package app\n\nimport "os"\n\nfunc Run(name string, verbose Level) error {\n\terr := os.Remove(name)\n\tLog("ran")\n\treturn err\n}\n\nfunc Other(far Level) {}\n',
	},
} as const;
const java = {
	declaration: [
		'Mailer.java',
		'class Mailer { static void send(String to) {} }',
		'class Mailer { static void send(String to, String subject) {} }',
	],
	callers: {
		'Orders.java':
			'class Orders {\n\tprivate String shop;\n\n\tvoid confirm(String customer, int number) {\n\t\tMailer.send(customer);\n\t}\n\n\tvoid cancel(String other) {}\n}\n',
	},
} as const;

const rust = {
	declaration: [
		'log.rs',
		'pub enum Level { Info, Error }\npub fn log(text: &str) {}\n',
		'pub enum Level { Info, Error }\npub fn log(text: &str, level: Level) {}\n',
	],
	callers: {
		'main.rs': 'mod log;\nuse log::{log, Level};\n\nfn run(quiet: Level, name: String) {\n\tlog("ran");\n}\n\nfn other(far: Level) {}\n',
	},
} as const;
const cpp = {
	declaration: ['area.h', 'double area(double width);\n', 'double area(double width, double height);\n'],
	callers: {
		'rooms.cpp':
			'#include "area.h"\n\nstruct Room {\n\tdouble tall;\n\tdouble wall(double length) { return area(length); }\n};\n\ndouble other(double far) { return far; }\n',
	},
} as const;
const csharp = {
	declaration: [
		'Mailer.cs',
		'class Mailer { public static void Send(string to) {} }',
		'class Mailer { public static void Send(string to, string subject) {} }',
	],
	callers: {
		'Orders.cs':
			'class Orders {\n\tprivate string shop;\n\n\tvoid Confirm(string customer, int number) {\n\t\tMailer.Send(customer);\n\t}\n\n\tvoid Cancel(string other) {}\n}\n',
	},
} as const;

/** What a model may say at a place, and why not; undefined where it may. */
const answers = {
	typescript: [
		typescript,
		[
			['length', undefined],
			['this.tall', undefined],
			['doorHeight * floors', undefined],
			['Math.max(length, 2)', undefined],
			['2.5', undefined],
			['scale ?? 1', undefined],
			['', /no value/],
			['2, 3', /“2, 3” is not one expression/],
			['2) + area(3', /not one expression/],
			['return 2', /not one expression/],
			['...floors', /not one expression/],
			['const x = 2', /not one expression/],
			['length +', /not one expression/],
			['2 // high', /not one expression/],
			['height', /height is not known/],
			['secretWidth', /secretWidth is not known/],
			['this.height', /The object has no height/],
			['TODO_height', /placeholder/],
			["'high'", /'high' is a string, and not number/],
			['name', /name is a string, and not number/],
			['true', /true is a boolean/],
			['undefined', /stands for no value/],
			['null', /stands for no value/],
			['await doorHeight', /changes something, or waits|not one expression/],
			['length++', /changes something/],
			['(() => { return 2; })()', /statements/],
			['doorHeight()', /Nothing here calls doorHeight/],
			[`floors + ${'1 + '.repeat(60)}1`, /more than a value/],
		],
	],
	python: [
		python,
		[
			['length', undefined],
			['self.tall', undefined],
			['house.HEIGHT', undefined],
			['max(length, 2.5)', undefined],
			['2.5', undefined],
			['[n for n in range(3)][0]', undefined],
			['', /no value/],
			['2.5, 3', /not one expression/],
			['*length', /not one expression/],
			['scale=2', /not one expression/],
			['return 2', /not one expression/],
			['far', /far is not known/],
			['self.height', /The object has no height/],
			["'high'", /is a string, and not float/],
			['None', /stands for no value/],
			['(n := 2)', /n is not known|changes something/],
			['house.build()', /Nothing here calls house\.build/],
		],
	],
	go: [
		go,
		[
			['verbose', undefined],
			['Error', undefined],
			['Level(1)', undefined],
			['1', undefined],
			['', /no value/],
			['Info, Error', /not one expression/],
			['level := 2', /not one expression/],
			['far', /far is not known/],
			['Warning', /Warning is not known/],
			['nil', /stands for no value/],
			['os.Exit(1)', /Nothing here calls os\.Exit/],
		],
	],
	java: [
		java,
		[
			['customer', undefined],
			['shop', undefined],
			['this.shop', undefined],
			['"Order " + number', undefined],
			['String.valueOf(number)', undefined],
			['customer.trim()', undefined],
			['', /no value/],
			['"a", "b"', /not one expression/],
			['int x = 1', /not one expression/],
			['other', /other is not known/],
			['number', /number is a number, and not String/],
			['1', /is a number/],
			['null', /stands for no value/],
			['Mailer.create()', /Nothing here calls Mailer\.create/],
		],
	],
	rust: [
		rust,
		[
			['quiet', undefined],
			['Level::Info', undefined],
			['far', /far is not known/],
			['Mode::Info', /Mode is not known/],
			['Level::Info, 2', /not one expression/],
			['let x = 1', /not one expression/],
			['std::process::exit(1)', /Nothing here calls|not known/],
		],
	],
	cpp: [
		cpp,
		[
			['tall', undefined],
			['this->tall', undefined],
			['length * 2', undefined],
			['2.5', undefined],
			['far', /far is not known/],
			['2.5, 3', /not one expression/],
			['"high"', /is a string, and not double/],
			['nullptr', /stands for no value/],
		],
	],
	csharp: [
		csharp,
		[
			['customer', undefined],
			['shop', undefined],
			['"Order " + number', undefined],
			['other', /other is not known/],
			['number', /number is a number, and not string/],
			['null', /stands for no value/],
			['"a", "b"', /not one expression/],
		],
	],
} as const;

describe('a value that a model gives', () => {
	for (const [languageId, [project, rows]] of Object.entries(answers)) {
		for (const [answer, expected] of rows) {
			it(`${expected ? 'does not take' : 'takes'} ${answer.slice(0, 40) || 'nothing'} (${languageId})`, async () => {
				const { site, parse } = await placeIn(languageId, project.declaration, project.callers);
				const verdict = judge(site, answer, parse);
				if (expected === undefined) assert.deepEqual(verdict, { value: answer });
				else assert.match('refusal' in verdict ? verdict.refusal : `taken: ${verdict.value}`, expected);
			});
		}
	}

	it('is one of those that the type names', async () => {
		const declaration = ['a.ts', 'export function f() {}', "export function f(mode: 'fast' | 'slow') {}"];
		const { site, parse } = await placeIn('typescript', declaration, { 'b.ts': "import { f } from './a';\nf();\n" });
		assert.deepEqual(judge(site, "'slow'", parse), { value: "'slow'" });
		assert.deepEqual(judge(site, '"fast"', parse), { value: '"fast"' });
		assert.match(JSON.stringify(judge(site, "'medium'", parse)), /none of 'fast' \| 'slow'/);
		assert.match(JSON.stringify(judge(site, '2', parse)), /none of/);
	});

	it('is no secret, and nothing that looks like one', async () => {
		const declaration = ['a.ts', 'export function f() {}', 'export function f(password: string) {}'];
		const { site, parse } = await placeIn('typescript', declaration, { 'b.ts': "import { f } from './a';\nconst given = read();\nf();\n" });
		assert.match(JSON.stringify(judge(site, "'hunter2'", parse)), /Secrets are not made up/);
		assert.deepEqual(judge(site, 'given', parse), { value: 'given' });
	});
});

describe('an error about a value', () => {
	/** An error between `‹` and `›`, and a value between `[[` and `]]`. */
	const blames = (picture: string) => {
		const text = picture.replaceAll(/‹|›|\[\[|\]\]/g, '');
		const at = (mark: string) => picture.slice(0, picture.indexOf(mark)).replaceAll(/‹|›|\[\[|\]\]/g, '').length;
		const [error, value] = [
			{ start: at('‹'), end: at('›') },
			{ start: at('[['), end: at(']]') },
		];
		return isWithin(error, value) || reaches(text, error, value);
	};
	const pictures: readonly (readonly [picture: string, expected: boolean])[] = [
		['f(1, [[‹unit›]]);', true],
		['f(1, [[a.‹unit›]]);', true],
		['f(‹1, [[unit]]›);', true],
		['‹f(1, [[unit]])›;', true],
		['‹f›(1, [[unit]]);', true],
		['m.‹f›<T>(g(1), [2], [[unit]]);', true],
		['‹f›(\n\t1,\n\t[[unit]],\n);', true],
		['‹f›(g(1, [[unit]]));', false],
		['f(‹1›, [[unit]]);', false],
		['f([[unit]], ‹1›);', false],
		['‹f›(1); g([[unit]]);', false],
		['‹class A {\n\tx = f(1, [[unit]]);\n}›', false],
	];
	for (const [picture, expected] of pictures) it(`${picture} ${expected ? 'is' : 'is not'}`, () => assert.equal(blames(picture), expected));
});

describe('values in the place of marks', () => {
	it('are where they are said to be', () => {
		const mark = (id: number) => `\uE000${id}\uE001`;
		const { text, places } = placeValues(
			`f(${mark(3)}, 🎉, ${mark(12)}, ${mark(4)})`,
			new Map([
				[3, 'one'],
				[4, ''],
			]),
		);
		assert.equal(text, `f(one, 🎉, ${mark(12)}, )`);
		assert.deepEqual(
			places.map(({ hole, start, end }) => [hole, text.slice(start, end), text.slice(end)]),
			[
				[3, 'one', `, 🎉, ${mark(12)}, )`],
				[4, '', ')'],
			],
		);
	});
});

describe('the expression in an answer', () => {
	for (const [raw, expected, languageId = 'typescript'] of [
		[' height);', 'height'],
		['f(a, [1, 2]), b', 'f(a, [1, 2])'],
		['"a, b)" + c, d', '"a, b)" + c'],
		['2 // metres\n', '2'],
		['2  # metres\n', '2', 'python'],
		['height=2.5)', '2.5', 'python'],
		['height: 2.5)', '2.5'],
		['height == 2', 'height == 2'],
		['2<|endoftext|>more', '2'],
		['2\nreturn 3', '2'],
		['', ''],
		['/* height */ 3)', '3'],
	] as const) {
		it(`of ${JSON.stringify(raw)} is ${JSON.stringify(expected)}`, () => {
			assert.equal(firstExpression(raw, 'height', languageId, ['<|endoftext|>'], true).text, expected);
		});
	}

	it('is waited for until it ends', () => {
		assert.equal(firstExpression('f(a, ', 'height', 'typescript', [], false).isComplete, false);
		assert.equal(firstExpression('f(a, b))', 'height', 'typescript', [], false).isComplete, true);
	});
});

describe('the question for a hole', () => {
	it('shows the function, the caller, which argument it is, and names that are out of sight', async () => {
		const question = await questionIn('typescript', typescript.declaration, typescript.callers);
		const { prompt, grammar } = promptFor(question, { ...scripted, canConstrain: true });
		assert.equal(
			prompt,
			[
				'<|repo_name|>project\n<|file_sep|>area.ts\n/** @param height in metres */\nfunction area(width: number, height: number)\n<|file_sep|>rooms.ts\n',
				'<|fim_prefix|>// In scope: floors: number, this.tall: number\n',
				'\twall(length: number, name: string, scale?: number) {\n\t\tlog(name);\n\t\treturn area(length, /* height: number */',
				'<|fim_suffix|>);\n\t}<|fim_middle|>',
			].join(''),
		);
		assert.match(grammar ?? '', /^name ::= "this\.tall" \| .*"length"/m);
		assert.doesNotMatch(grammar ?? '', /secretWidth|"area"/);
		assert.equal(promptFor(question, scripted).grammar, undefined);
	});

	it('names the argument as the language does, and shows calls that have a value', async () => {
		const callers = { ...python.callers, 'done.py': 'from area import area\narea(1, height=3)\n' };
		const question = await questionIn('python', python.declaration, callers);
		assert.match(question.about.text, /^def area\(width, height: float\):\narea\(1, height=3\)$|In metres/m);
		assert.match(question.about.text, /area\(1, height=3\)/);
		assert.match(promptFor(question, scripted).prompt, /return area\(length, height=<\|fim_suffix\|>/);
	});

	it('tells what there is to choose from', async () => {
		assert.match(
			(await questionIn('go', go.declaration, go.callers)).about.text,
			/type Level int\nconst \(\n\tInfo Level = iota\n\tError\n\)/,
		);
		assert.match((await questionIn('java', java.declaration, java.callers)).names.join(), /shop: String/);
	});

	it('shows no placeholders, which a model would write, too', async () => {
		const declaration = ['a.ts', 'export function f() {}', 'export function f(one: number, two: number) {}'];
		const [first, second] = await placesIn('typescript', declaration, { 'b.ts': "import { f } from './a';\nf();\nf();\n" });
		assert.ok(first && second);
		for (const { site, parse } of [first, second]) assert.doesNotMatch(JSON.stringify(questionFor(site, parse)), /TODO/);
	});

	it('has nothing secret in it', async () => {
		const key = `sk_live_${'4eC39HqLyjWDarjtT1zdp7dc'}`;
		const declaration = ['a.ts', 'export function f() {}', `/** Use ${key} for tests. */\nexport function f(size: number) {}`];
		const callers = { 'b.ts': `import { f } from './a';\nexport function g() {\n\tconst apiKey = '${key}';\n\tf();\n}\n` };
		const question = await questionIn('typescript', declaration, callers);
		assert.doesNotMatch(JSON.stringify(question), /4eC39HqLyjWDarjtT1zdp7dc/);
		assert.match(question.before, /HIDDEN_SECRET/);
	});

	it('has none of 50 secrets in it, above, below, and where the parameter is declared', async () => {
		let asked = 0;
		for (const { way, secret, text } of secrets) {
			const declaration = ['a.ts', 'export function f() {}', `/**\n${text}\n*/\nexport function f(size: number) {}\n${text}\n`];
			const caller = "import { f } from './a';\nexport function g(width: number) {\n\tf();\n}\n";
			const places = await placesIn('typescript', declaration, { 'b.ts': `${text}\n\n${caller}`, 'c.ts': `${caller}\n${text}\n` });
			const questions = places.map(({ site, parse }) => questionFor(site, parse)).filter((question) => 'about' in question);
			const model = new ScriptedModel();
			model.answer = () => 'width';
			for await (const _ of askForValues(questions, model, async () => ({ refusal: '' }), new AbortController().signal));
			const sent = model.questions.map(({ options }) => options.prompt + (options.suffix ?? '')).join('\n');
			for (const line of secret.split('\n')) assert.ok(!sent.includes(line), way);
			asked += model.questions.length;
		}
		assert.ok(asked > secrets.length, `${asked} questions`);
	});

	it('is not asked about files that nobody may send', async () => {
		const secret = await placeIn('typescript', typescript.declaration, typescript.callers, false);
		assert.match(JSON.stringify(questionFor(secret.site, secret.parse)), /Nothing of these files is sent/);
		const declaration = ['.ssh/area.ts', ...typescript.declaration.slice(1)];
		const { site, parse } = await placeIn('typescript', declaration, { '.ssh/use.ts': "import { area } from './area';\narea(1);\n" });
		assert.match(JSON.stringify(questionFor(site, parse)), /Nothing of these files is sent/);
	});
});

describe('asking a model for values', () => {
	async function ask(
		model: ScriptedModel,
		project: Parameters<typeof placesIn>,
		signal = new AbortController().signal,
		patience?: { ms: number; firstMs: number },
	) {
		const places = await placesIn(...project);
		const questions = places
			.map(({ site, parse }) => questionFor(site, parse))
			.flatMap((question) => ('about' in question ? [question] : []));
		const decide = async (id: number, text: string) => {
			const place = places.find(({ site }) => site.hole.id === id);
			assert.ok(place);
			return judge(place.site, text, place.parse);
		};
		const found: HoleAnswer[] = [];
		for await (const answer of askForValues(questions, model, decide, signal, patience)) found.push(answer);
		return found.map(({ verdict }) => verdict);
	}
	const two: Parameters<typeof placesIn> = [
		'typescript',
		typescript.declaration,
		{ 'b.ts': "import { area } from './area';\nconst x = 4;\narea(1);\narea(2);\n" },
	];

	it('takes what holds, one question at a time', async () => {
		const model = new ScriptedModel();
		model.answer = (prompt) => (prompt.includes('area(2, /*') ? ' x)' : ' 3, 4');
		assert.deepEqual(await ask(model, two), [{ value: '3' }, { value: 'x' }]);
		assert.deepEqual([model.mostAtOnce, model.questions.length], [1, 2]);
	});

	it('draws others where the likeliest does not hold, and says what was wrong with that', async () => {
		const model = new ScriptedModel();
		model.answer = (_, { sampling }) => (sampling?.seed === 2 ? '7' : 'nothing_known');
		assert.deepEqual(await ask(model, two), [{ value: '7' }, { value: '7' }]);
		model.answer = (_, { sampling }) => (sampling ? '"x"' : 'nothing_known');
		assert.match(JSON.stringify(await ask(model, two)), /nothing_known is not known there/);
	});

	it('stops the model where the expression ends', async () => {
		const model = new ScriptedModel();
		const asked = ask(model, two);
		const question = await model.asked(0);
		question.say('3', ')');
		await model.asked(1);
		assert.equal(question.isOver, true);
		model.answer = () => '3';
		model.questions[1]?.say('4', ',');
		assert.deepEqual(await asked, [{ value: '3' }, { value: '4' }]);
	});

	it('waits for each only so long, and not again and again', async () => {
		const model = new ScriptedModel();
		const many = `import { area } from './area';\n${'area(1);\n'.repeat(5)}`;
		const verdicts = await ask(model, ['typescript', typescript.declaration, { 'b.ts': many }], undefined, { ms: 20, firstMs: 20 });
		assert.deepEqual([verdicts.length, model.questions.length], [5, 2]);
		assert.match(JSON.stringify(verdicts[4]), /no value within/);
	});

	it('ends when nobody wants it any more, and when the model fails', async () => {
		const model = new ScriptedModel();
		const controller = new AbortController();
		const asked = ask(model, two, controller.signal);
		const question = await model.asked(0);
		controller.abort();
		await assert.rejects(asked, { name: 'AbortError' });
		assert.equal(question.isOver, true);
		model.answer = () => new ModelError('unreachable', 'Nobody there.');
		await assert.rejects(ask(model, two), ModelError);
	});
});
