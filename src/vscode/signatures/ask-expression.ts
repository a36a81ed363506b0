import { window } from 'vscode';

/** Asks for an expression until it is one: what was typed stays there with the reason. Undefined when somebody goes away. */
export function askForExpression(
	{ title, prompt }: { readonly title: string; readonly prompt: string },
	whyNot: (text: string) => Promise<string | undefined>,
): Promise<string | undefined> {
	const input = window.createInputBox();
	input.title = title;
	input.prompt = prompt;
	input.ignoreFocusOut = true;
	return new Promise((resolve) => {
		input.onDidChangeValue(() => {
			input.validationMessage = undefined;
		});
		input.onDidAccept(async () => {
			const text = input.value.trim();
			const refusal = await whyNot(text);
			if (refusal !== undefined) {
				input.validationMessage = refusal;
				return;
			}
			resolve(text);
			input.hide();
		});
		input.onDidHide(() => {
			resolve(undefined);
			input.dispose();
		});
		input.show();
	});
}
