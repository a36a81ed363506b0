import assert from 'node:assert/strict';
import { planned } from '../signature-plan.ts';

/** The text of a file after somebody edited a signature in it, with everything that follows. */
async function edited(languageId: string, before: string, from: string, to: string): Promise<string> {
	const after = before.replace(from, to);
	return (await planned([{ path: 'a', languageId, before, after }])).texts.get('a') ?? '';
}

describe('documentation of parameters', () => {
	it('goes with a parameter that goes', async () => {
		const text =
			'/**\n * Does.\n * @param a one\n * @param {number} b two\n *   and more\n * @returns c\n */\nexport function f(a: number, b: number) {}\n';
		const expected = '/**\n * Does.\n * @param a one\n * @returns c\n */\nexport function f(a: number) {}\n';
		assert.equal(await edited('typescript', text, 'a: number, b: number', 'a: number'), expected);
	});

	it('has the new name of a parameter', async () => {
		const text = '/**\n * @param a one\n */\nfunction f(a: number) {}\n';
		assert.equal(await edited('typescript', text, '(a:', '(b:'), '/**\n * @param b one\n */\nfunction f(b: number) {}\n');
	});

	it('is left alone where the comment is of something else', async () => {
		const text = '/** @param b */\nconst x = 1;\nfunction f(a: number, b: number) {}\n';
		assert.equal(await edited('typescript', text, 'a: number, b: number', 'a: number'), text.replace(', b: number', ''));
	});

	it('in the styles of Python', async () => {
		const google =
			'def f(a: int, b: int):\n    """Does.\n\n    Args:\n        a: One.\n        b (int): Two,\n            and more.\n\n    Returns: c\n    """\n';
		assert.equal(
			await edited('python', google, 'a: int, b: int', 'a: int'),
			'def f(a: int):\n    """Does.\n\n    Args:\n        a: One.\n\n    Returns: c\n    """\n',
		);
		const sphinx = 'def f(a: int, b: int):\n    """Does.\n\n    :param a: One.\n    :param b: Two.\n    :type b: int\n    """\n';
		assert.equal(
			await edited('python', sphinx, 'a: int, b: int', 'a: int, c: int'),
			sphinx.replace('b: int)', 'c: int)').replace('param b', 'param c').replace('type b', 'type c'),
		);
	});

	it('in Java and C#', async () => {
		const java = 'class M {\n\t/**\n\t * @param a one\n\t * @param b two\n\t */\n\tpublic static void f(int a, String b) {}\n}\n';
		assert.equal(await edited('java', java, 'int a, String b', 'String b'), java.replace('int a, ', '').replace('\t * @param a one\n', ''));
		const csharp =
			'class M {\n\t/// <summary>Does.</summary>\n\t/// <param name="a">One.</param>\n\t/// <param name="b">Two.</param>\n\tpublic void F(int a, string b) {}\n}\n';
		assert.equal(
			await edited('csharp', csharp, 'int a, string b', 'string b'),
			csharp.replace('int a, ', '').replace('\t/// <param name="a">One.</param>\n', ''),
		);
	});

	it('has a line for a new parameter, in its place, in which somebody may say what it is for', async () => {
		const jsdoc =
			'/**\n * Does.\n * @param {string} a one\n *   and more\n * @param {number} b two\n * @returns c\n */\nfunction f(a: string, b: number) {}\n';
		assert.equal(
			await edited('typescript', jsdoc, 'a: string, b', 'a: string, rate: number, b'),
			jsdoc
				.replace('a: string, b', 'a: string, rate: number, b')
				.replace(' * @param {number} b', ' * @param {number} rate\n * @param {number} b'),
		);
		const java = 'class M {\n\t/**\n\t * @param a one\n\t */\n\tvoid f(int a) {}\n}\n';
		assert.equal(
			await edited('java', java, 'int a)', 'int a, int b)'),
			java.replace('int a)', 'int a, int b)').replace('one\n', 'one\n\t * @param b\n'),
		);
		const google = 'def f(a, b):\n    """Does.\n\n    Args:\n        a (int): One.\n        b (int): Two.\n    """\n';
		assert.equal(
			await edited('python', google, '(a, b)', '(a, c: str, b)'),
			google.replace('(a, b)', '(a, c: str, b)').replace('        b (', '        c (str):\n        b ('),
		);
		const numpy = 'def f(a):\n    """Does.\n\n    Parameters\n    ----------\n    a : int\n        One.\n\n    """\n';
		assert.equal(await edited('python', numpy, '(a)', '(a, b)'), numpy.replace('(a)', '(a, b)').replace('One.\n', 'One.\n    b :\n'));
		const csharp = 'class M {\n\t/// <param name="a">One.</param>\n\tvoid F(int a) {}\n}\n';
		assert.equal(
			await edited('csharp', csharp, 'int a)', 'int a, int b)'),
			csharp.replace('int a)', 'int a, int b)').replace('</param>\n', '</param>\n\t/// <param name="b"></param>\n'),
		);
	});

	it('has the order of the parameters', async () => {
		const text = '/**\n * @param a one\n *   and more\n * @param b two\n */\nfunction f(a: number, b: string) {}\n';
		assert.equal(
			await edited('typescript', text, 'a: number, b: string', 'b: string, a: number'),
			'/**\n * @param b two\n * @param a one\n *   and more\n */\nfunction f(b: string, a: number) {}\n',
		);
		const sphinx = 'def f(a, b):\n    """Does.\n\n    :param a: One.\n    :type a: int\n    :param b: Two.\n    """\n';
		assert.equal(
			await edited('python', sphinx, '(a, b)', '(b, a)'),
			'def f(b, a):\n    """Does.\n\n    :param b: Two.\n    :param a: One.\n    :type a: int\n    """\n',
		);
	});

	it('says nothing of a new parameter where nothing is said of others, and once is enough', async () => {
		const silent = '/** Does. */\nfunction f(a: number) {}\n';
		assert.equal(
			await edited('typescript', silent, 'a: number', 'a: number, b: number'),
			silent.replace('a: number', 'a: number, b: number'),
		);
		const said = '/**\n * @param a one\n * @param b two\n */\nfunction f(a: number) {}\n';
		assert.equal(await edited('typescript', said, 'a: number', 'a: number, b: number'), said.replace('a: number', 'a: number, b: number'));
	});
});
