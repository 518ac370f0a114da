import { afterEach, expect, it, vi } from 'vitest';
import { chosen } from '../../../src/host/settings';
import { vscodeStandIn } from '../../support/vscodeStandIn';

vi.mock('vscode', async () => (await import('../../support/vscodeStandIn')).vscodeStandIn);

const { settings } = vscodeStandIn.workspace;
const VALUES = ['adjudicated', 'classifier'] as const;

afterEach(() => settings.clear());

it('is what the user chose', () => {
  settings.set('metrics.labels', 'classifier');
  expect(chosen('metrics.labels', VALUES)).toBe('classifier');
});

it('is the default where a settings.json holds no such value', () => {
  const others = [undefined, null, 1, true, '', 'Classifier', '__proto__', 'toString', ['classifier'], {}];
  for (const other of others) {
    settings.set('metrics.labels', other);
    expect(chosen('metrics.labels', VALUES)).toBe('adjudicated');
  }
});
