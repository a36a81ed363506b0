import assert from 'node:assert/strict';
import { isInComment } from '../../src/completion/comment.ts';
import { onlyCode } from '../../src/completion/scan.ts';

/** `|` marks places in a comment, `¦` places that are not. */
const texts: [languageId: string, text: string][] = [
	['typescript', 'a();¦ // note| more|\n¦b();¦'],
	['typescript', 'a(); /* note|\n * more|\n */¦ b();¦'],
	['typescript', '/**\n * @param a |the first\n */\n¦function f() {'],
	['typescript', 'const url = "https:¦//example.org¦";¦ // but this|'],
	['typescript', "const a = 'it\\'s // no¦';¦"],
	['typescript', `const a = \`// no¦ \${b ? \`// no¦\` : "/* no¦"} /* no¦\`;¦ // yes|`],
	['typescript', 'const a = /[/*]/;¦ b(); // yes|'],
	['typescript', 'const a = b.replace(/"/g, "");¦ // yes|'],
	['typescript', 'const a = b / c; // yes|\nd / e;¦'],
	['javascriptreact', "<p>don't</p>¦\n// yes|"],
	['python', 'a = 1¦  # note|\nb = "# no¦"¦'],
	['python', 'def f():\n    """Does|\n    it.|\n    """\n    ¦return 1  # yes|'],
	['python', 'a = """text # no¦\n# no¦\n"""¦ # yes|'],
	['python', '"""The module|"""\n¦import a¦'],
	['python', 'and so it ends.\n    """\n    return a¦  # yes|\n\ndef g():\n    """Again|'],
	['python', "a = '#no¦'  # it's| so|"],
	['go', 'a := `// no¦\n/* no¦`¦ // yes|'],
	['rust', "fn f<'a>(b: &'a str) {¦ // yes|\n let c = '\"';¦ // yes|"],
	['rust', '/// Doc| of f\nfn f() {¦ let s = r#"// no¦ "a" // no¦"#;¦ }'],
	['c', "char c = '\"';¦ /* yes| */ int d;¦ // yes|"],
	['java', 'String s = """\n// no¦\n""";¦ // yes|'],
	['csharp', '/// <summary>|\nvar a = "//no¦";¦'],
	['ruby', 'a = "#{b}¦"¦ # yes|\nc#d¦'],
	['ruby', '=begin\nyes|\n=end\na¦'],
	['lua', 'a = 1 -- yes|\n--[[ yes|\nyes| ]] b = [[ -- no¦ ]]¦ -- yes|'],
	['sql', "SELECT '--no¦' -- yes|\nFROM a¦ /* yes| */ WHERE¦"],
	['shellscript', 'echo $#¦ a#b¦ # yes|\n# yes|\n"#no¦"'],
	['yaml', 'a: b#c¦ # yes|\nd: "#no¦"'],
	['toml', 'a = "#no¦" # yes|'],
	['css', 'a { /* yes| */ color: red;¦ }'],
	['scss', 'a { // yes|\n color: red;¦'],
	['html', '<p>¦<!-- yes| -->¦</p>'],
	['markdown', '# Title¦\n// no¦\n<!-- yes|'],
	['vue', '<script>\n// yes|\nf();¦\n</script>\n<!-- yes|'],
	['haskell', "f' a = a¦ -- yes|\n{- yes|\n-} g¦"],
	['powershell', 'a¦ <# yes|\n#> b # yes|'],
	['ini', 'a = b;c¦\n; yes|'],
	['json', '{ "a": "// no¦" // no¦'],
	['jsonc', '{ "a": "// no¦" // yes|'],
	['php', '$a = 1; # yes|\n#[Attribute¦]\n// yes|'],
	['nothing-we-know', '# no¦ // no¦'],
];

describe('isInComment', () => {
	for (const [languageId, text] of texts) {
		it(`${languageId}: ${JSON.stringify(text)}`, () => {
			for (const { index, 0: mark } of text.matchAll(/[|¦]/g)) {
				const prefix = text.slice(0, index).replaceAll(/[|¦]/g, '');
				assert.equal(isInComment(prefix, languageId), mark === '|', JSON.stringify(prefix));
			}
		});
	}

	it('leaves only the code, in its place', () => {
		assert.equal(onlyCode(`f("{"); // {\ng(/[(]/, \`a\${"}"}\n\`);`, 'typescript'), 'f(   );     \ng(     ,         \n );');
	});
});
