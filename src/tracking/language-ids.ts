/** Languages whose signatures are tracked, for those who need nothing else of them. */
export const trackedLanguages: readonly string[] = [
	'typescript',
	'typescriptreact',
	'javascript',
	'javascriptreact',
	'python',
	'java',
	'rust',
	'c',
	'cpp',
	'go',
	'csharp',
];
