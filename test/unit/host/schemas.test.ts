import { describe, expect, it } from 'vitest';
import { NO_FILTER } from '../../../src/core/dataset/filterModel';
import { editorSchemas, metricsSchemas, validator } from '../../../src/host/schemas';
import { PROFILE_UNITS } from '../../../src/protocol/profile';

const editor = validator(editorSchemas);
const metrics = validator(metricsSchemas);

describe('what a webview may say', () => {
  it.each([
    ['ready', {}],
    ['rows', { start: 0, end: 100 }],
    ['filter', NO_FILTER],
    ['filter', { text: 'a' }],
    ['filter', { setting: null }],
    ['moveTo', { position: 5 }],
    ['focusSpan', { span: null }],
    ['decide', { kind: 'label', id: 't1', hash: 'h', label: 'complied', answer: 'yes' }],
    ['decide', { kind: 'addSpan', id: 't1', hash: 'h', label: 'x', message: 0, start: 1, end: 2 }],
    ['decide', { kind: 'note', id: 't1', hash: 'h', text: '<script>' }],
    ['checkProfile', { text: '{' }],
    ['closeProfile', {}],
    ['command', { name: 'nextSpan' }],
  ])('%s %j', (method, params) => {
    expect(editor(method, params)).toEqual(params);
  });

  it.each([
    ['ready', { extra: 1 }],
    ['rows', { start: 5, end: 4 }],
    ['rows', { start: 0, end: 1_000_000 }],
    ['rows', { start: -1, end: 4 }],
    ['moveTo', { position: 1.5 }],
    ['moveTo', { position: '1' }],
    ['filter', { ...NO_FILTER, condition: 'free' }],
    ['filter', { setting: undefined }],
    ['filter', { text: 'a', path: '/etc' }],
    ['decide', { kind: 'label', id: 't1', hash: 'h', label: 'complied', answer: 'perhaps' }],
    ['decide', { kind: 'erase', index: 0 }],
    ['decide', null],
    ['keepProfile', { text: 'x'.repeat(PROFILE_UNITS + 1) }],
    ['keepProfile', { path: '/etc/passwd', text: '{}' }],
    ['forgetProfile', { path: '/etc/passwd' }],
    ['command', { name: 'workbench.action.terminal.new' }],
  ])('but not %s %j, and why', (method, params) => {
    expect(() => editor(method, params)).toThrow(`message "${method}" is not well formed`);
  });

  it('holds for the panel, too', () => {
    const options = { labels: 'reviewed', classifier: null, conditioning: 'both' };
    expect(metrics('options', options)).toEqual(options);
    expect(() => metrics('options', { ...options, labels: 'all' })).toThrow('not well formed');
    expect(() => metrics('command', { name: 'format disk' })).toThrow('not well formed');
  });
});
