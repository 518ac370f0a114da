import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CancellationError } from 'vscode';
import { asking, inPlainText, tell, tellError, warn } from '../../src/host/tell';
import { showPage } from '../../src/host/webviewPage';
import { PAYLOADS, RAW } from './payloads';

const given = vi.hoisted(() => [] as unknown[]);

vi.mock('vscode', () => {
  const take =
    (answer?: (...args: unknown[]) => unknown) =>
    async (...args: unknown[]) => {
      given.push(...args);
      return answer?.(...args);
    };
  class Disposable {
    constructor(readonly dispose: () => void) {}
    static from(...all: Disposable[]) {
      return new Disposable(() => all.forEach((one) => void one.dispose()));
    }
  }
  /** Gives what it was given when it is shown, and what it says of the answer. */
  class Control {
    [property: string]: unknown;
    private accepts = () => {};
    private hides = () => {};
    constructor(readonly answer: (control: Control) => object) {}
    onDidAccept = (accepts: () => void) => (this.accepts = accepts);
    onDidHide = (hides: () => void) => (this.hides = hides);
    onDidChangeValue = () => {};
    show() {
      Object.assign(this, this.answer(this));
      this.accepts();
      given.push({ ...this });
      this.hides();
    }
    dispose() {}
  }
  return {
    Disposable,
    CancellationError: class extends Error {},
    Uri: { joinPath: (folder: string, ...parts: string[]) => [folder, ...parts].join('/') },
    window: {
      showErrorMessage: take(),
      showInformationMessage: take(),
      showWarningMessage: take(),
      createQuickPick: () => new Control((list) => ({ selectedItems: [(list.items as unknown[])[0]] })),
      createInputBox: () => new Control(() => ({ value: 'x' })),
    },
  };
});

beforeEach(() => given.splice(0));

/** Every text in what VS Code was given. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

describe('what VS Code is given', () => {
  it.each(PAYLOADS.map((text) => [text.slice(0, 60), text]))('is text: %j', async (_, text) => {
    tellError(new Error(text));
    await tell(text);
    await warn(text);
    await asking((questions) => questions.ask({ title: text, prompt: text, check: () => text }));
    expect(given.at(-1)).toMatchObject({ value: 'x', validationMessage: expect.any(String) });
    const failed = inPlainText(() => Promise.reject(new Error(text)));
    given.push(await failed.then(String, (error: Error) => error.message));
    for (const one of textsOf(given)) {
      expect(one).not.toMatch(RAW);
      expect(one).not.toMatch(/[\t\n]|\]\(|\$\(/);
    }
  });

  it('is told by us where VS Code would name a file whose name is a link, and by VS Code where it is none', async () => {
    const save = (fsPath: string) =>
      inPlainText(() => Promise.reject(new Error('the disk is full')), { fsPath } as never);
    await expect(save('/data/run 7.jsonl')).rejects.toThrow('the disk is full');
    expect(given).toEqual([]);
    const name = '/data/run 7 [Show details](command:workbench.action.terminal.new).jsonl';
    await expect(save(name)).rejects.toBeInstanceOf(CancellationError);
    expect(given).toEqual(['Transcript Review: the disk is full']);
  });

  it('is a choice with our icons only, and the one that was made', async () => {
    const choices = PAYLOADS.map((text) => ({
      icon: 'error' as const,
      label: text,
      description: text,
      detail: text,
    }));
    const all = PAYLOADS.join(' ');
    const options = { title: all, placeHolder: all };
    expect(await asking((questions) => questions.choose(choices, options))).toBe(choices[0]);
    const [{ title, placeholder, items }] = given as [
      { title: string; placeholder: string; items: { label: string; description: string; detail: string }[] },
    ];
    for (const one of [title, placeholder]) expect(one).not.toMatch(RAW);
    expect(items).toHaveLength(PAYLOADS.length);
    for (const { label, description, detail } of items) {
      expect(label.startsWith('$(error) ')).toBe(true);
      for (const one of [label.slice('$(error) '.length), description, detail]) {
        expect(one).not.toMatch(RAW);
        expect(one).not.toContain('$(');
      }
    }
  });

  it('goes there by one module', () => {
    const folder = resolve(__dirname, '../../src/host');
    const asks =
      /\b(show(Error|Information|Warning)Message|showQuickPick|showInputBox|create(QuickPick|InputBox|StatusBarItem|TreeView|OutputChannel|Terminal)|setStatusBarMessage|withProgress)\b/;
    const wrong = readdirSync(folder).filter((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      // a control with a life of its own has its texts from plainText
      return name !== 'tell.ts' && asks.test(text) && !/\bplainText\(/.test(text);
    });
    expect(wrong).toEqual([]);
  });
});

describe('the policy of a page', () => {
  it('lets one script and one style sheet load, and nothing else do anything', () => {
    const webview = {
      html: '',
      options: {},
      cspSource: 'https://cdn.example',
      asWebviewUri: (uri: string) => `https://cdn.example/${uri}`,
      onDidReceiveMessage: () => ({ dispose: () => {} }),
    };
    showPage({ webview, visible: true } as never, '/extension' as never, 'editor', 'Title').dispose();
    const { html } = webview;
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.split('; ') ?? [];
    const nonce = /'nonce-([^']+)'/.exec(html)?.[1];
    expect(policy.sort()).toEqual([
      "base-uri 'none'",
      "default-src 'none'",
      "form-action 'none'",
      `script-src 'nonce-${nonce}'`,
      `style-src 'nonce-${nonce}'`,
    ]);
    // before anything that could load
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.search(/<(link|script|style)/));
    for (const tag of html.match(/<(link|script|style)[^>]*>/g) ?? [])
      expect(tag).toContain(`nonce="${nonce}"`);
  });
});
