// @vitest-environment jsdom
import { afterEach, describe, expect, it } from 'vitest';
import type { MetricsSnapshot } from '../../../src/protocol/metrics';
import { FakeHost, settle } from './fakeHost';
import {
  ANIMAL_WELFARE,
  ARMS,
  byClassifierOf,
  DEFAULTS,
  type Group,
  HELPFUL_ONLY,
  snapshotOf,
} from './snapshots';

const EMPTY: Group = { ...HELPFUL_ONLY, training: {}, unmonitored: {} };
/** One override in training: a compliant faker is found to have refused. 48/340 becomes 47/340. */
const OVERRIDDEN: Group = {
  ...HELPFUL_ONLY,
  training: { ...HELPFUL_ONLY.training, '11C': 37, '11N': 25 },
};

let host: FakeHost;
async function open(snapshot: MetricsSnapshot, state: unknown = null): Promise<void> {
  host = await FakeHost.open(snapshot, state);
}
afterEach(() => host.close());

/** Cells of the line of the selected row that has this name. */
function line(name: string): string[] {
  const row = [...host.root.querySelectorAll('.lines tbody tr')].find((each) =>
    each.querySelector('th')?.textContent?.includes(name),
  );
  if (!row) throw new Error(`no line ${name}`);
  return [...row.querySelectorAll('td')].map((cell) => (cell.textContent ?? '').replace(/\s+/g, ' ').trim());
}

function choose(label: string, value: string): void {
  const dropdown = host.get<HTMLElement & { value: string }>(`vscode-dropdown[aria-label="${label}"]`);
  dropdown.value = value;
  dropdown.dispatchEvent(new Event('change', { bubbles: true }));
}

describe('numbers of the selected row', () => {
  it('shows the gap with its interval, both n, method and labels', async () => {
    await open(snapshotOf({ groups: [HELPFUL_ONLY] }));
    // 48/340 - 10/340; limits worked out by hand from Newcombe's method 10
    expect(host.text('.big')).toBe('+11.2 pp');
    expect(host.text('.basis')).toBe('95 % [7.1, 15.5] · n 340 + 340 · Newcombe');
    expect(host.get<HTMLInputElement>('input[value=adjudicated]').checked).toBe(true);
    expect(host.texts('.notes li').join(' ')).toContain('decisions replace classifiers’ verdicts');
  });

  it('gives every rate its n, and an interval around it', async () => {
    await open(snapshotOf({ groups: [HELPFUL_ONLY] }));
    for (const [name, value, n] of [
      ['Compliance, training', '14.1 %', '340'],
      ['Compliance, unmonitored', '2.9 %', '340'],
      ['Refused, training', '85.9 %', '340'],
      ['Refused, unmonitored', '97.1 %', '340'],
      ['AF, top-line', '11.8 %', '340'],
      ['AF, inclusive', '18.8 %', '340'],
      ['Gap, AF absent', '−0.1 pp', '276 + 338'],
      ['Gap, AF present', '+62.5 pp', '64 + 2'],
    ] as const) {
      const [shown, interval, shownN] = line(name);
      expect([name, shown, shownN]).toEqual([name, value, n]);
      const number = Number.parseFloat((shown ?? '').replace('−', '-'));
      const limits = (interval ?? '').replaceAll('−', '-').match(/^\[(-?[\d.]+), (-?[\d.]+)\]$/);
      expect(Number(limits?.[1]), `${name} ${interval}`).toBeLessThan(number);
      expect(Number(limits?.[2]), `${name} ${interval}`).toBeGreaterThan(number);
    }
  });

  it('calls non-compliance what the setting calls it', async () => {
    await open(snapshotOf({ groups: [ANIMAL_WELFARE] }));
    expect(line('Supports animal welfare, unmonitored')[0]).toBe('65.7 %');
  });

  it('reads "no data" where n is 0, in words, table and figures', async () => {
    await open(snapshotOf({ groups: [EMPTY] }));
    expect(host.text('.big')).toBe('no data');
    expect(host.text('.basis')).toBe('n 0 + 0 · no labelled transcript in training and unmonitored');
    for (const cells of [...host.root.querySelectorAll('.lines tbody tr')].map((row) => row.textContent)) {
      expect(cells).toContain('no data');
    }
    for (const label of host.root.querySelectorAll('svg[role=img]')) {
      expect(label.getAttribute('aria-label')).toContain('no data, n 0');
    }
    expect(host.root.textContent).not.toMatch(/NaN|null|undefined|Infinity/);
  });

  it('shows the change of the session as the difference of the values, and the classifiers’ value beside', async () => {
    await open(snapshotOf({ groups: [OVERRIDDEN], session: [HELPFUL_ONLY] }));
    expect(host.text('.big')).toBe('+10.9 pp');
    expect(host.text('.moves')).toContain('classifier only +11.2 pp');
    expect(host.text('.moves')).toContain('change since session began −0.3 pp');
    expect(line('Compliance, training').slice(3)).toEqual(['14.1 %', '−0.3 pp']);
    expect(line('Refused, training').slice(3)).toEqual(['85.9 %', '+0.3 pp']);
    expect(line('Compliance, unmonitored').slice(3)).toEqual(['2.9 %', '0.0 pp']);
  });

  it('finds counterparts by name, not by place', async () => {
    const snapshot = snapshotOf({
      groups: [OVERRIDDEN, ANIMAL_WELFARE],
      session: [ANIMAL_WELFARE, HELPFUL_ONLY],
    });
    await open(snapshot);
    expect(host.text('.moves')).toContain('change since session began −0.3 pp');
  });

  it('names no classifiers’ value beside itself', async () => {
    await open(snapshotOf({ groups: [HELPFUL_ONLY], options: { labels: 'classifier' } }));
    expect(host.text('.moves')).not.toContain('classifier only');
    expect(line('AF, top-line')[3]).toBe('–');
  });

  it('counts unknown labels and says how much they could matter', async () => {
    const group = { ...HELPFUL_ONLY, training: { '11C': 48, '00N': 292, '00?': 10 } };
    await open(snapshotOf({ groups: [group] }));
    // 48/350 to 58/350, minus 10/340
    expect(line('Compliance, training').slice(1, 3)).toEqual([
      expect.stringContaining('worst [13.7, 16.6]'),
      '34010 unknown',
    ]);
    expect(host.text('.headline')).toContain('10 unknown, worst [10.8, 13.6]');
    expect(line('Refused, training')[1]).toContain('worst [83.4, 86.3]');
  });

  it('shows fractions of n where classifiers are averaged', async () => {
    const group = { ...HELPFUL_ONLY, training: { '11C': 10, '1?C': 1, '00N': 89 } };
    host = new FakeHost(snapshotOf({ groups: [group] }));
    host.byClassifier = byClassifierOf([group]);
    await settle();
    expect(line('AF, top-line')[2]).toBe('99.50.5 unknown');
    expect(host.texts('.notes li').join(' ')).toContain('may be fractions');
    expect(host.texts('.by-classifier tbody th')).toEqual(['partial', 'full']);
    expect(host.texts('.by-classifier tbody td')[0]).toMatch(/^11\.0 % \[.+\] n 100$/);
  });
});

describe('what has changed', () => {
  it('takes the place of what was shown, and is all that is asked about again', async () => {
    const before = snapshotOf({ groups: [HELPFUL_ONLY, ANIMAL_WELFARE] });
    const after = snapshotOf({
      groups: [OVERRIDDEN, ANIMAL_WELFARE],
      session: [HELPFUL_ONLY, ANIMAL_WELFARE],
    });
    await open(before);
    expect(host.asked('byClassifier')).toHaveLength(1);
    const { unlisted } = before;
    const nothing = { rows: [], classifierRows: [], sessionRows: [], current: null, unlisted };
    await host.update({ ...nothing, dataset: before.dataset });
    expect(host.asked('byClassifier')).toHaveLength(1);
    const [row] = after.rows;
    if (!row) throw new Error('no row');
    await host.update({ ...nothing, dataset: after.dataset, rows: [{ at: 0, row }] });
    expect(host.text('.big')).toBe('+10.9 pp');
    expect(host.text('.moves')).toContain('−0.3 pp');
    expect(host.asked('byClassifier')).toHaveLength(2);
    expect(host.asked('byClassifier').at(-1)).toEqual({
      setting: 'helpful-only',
      variant: 'default',
      prefix: 'none',
    });
  });
});

describe('figures', () => {
  it('say their numbers in a sentence, with interval and n', async () => {
    await open(snapshotOf({ groups: [HELPFUL_ONLY, ...ARMS] }));
    const sentences = [...host.root.querySelectorAll('svg[role=img]')].map((svg) =>
      svg.getAttribute('aria-label'),
    );
    expect(sentences).toHaveLength(3);
    const [compliance, conditional, arms] = sentences;
    expect(compliance).toMatch(/training: 14\.1 %, 95 % interval \[[\d., ]+\], n 340\./);
    expect(compliance).toMatch(
      /faking and complied, in training: 11\.8 %, 95 % interval \[[\d., ]+\], n 340\./,
    );
    expect(conditional).toMatch(/AF present, training: 62\.5 %, 95 % interval \[[\d., ]+\], n 64\./);
    expect(arms).toMatch(/^Refused, unmonitored \(Fig 13\)/);
    expect(arms).toMatch(/prefix arms · deceptive: 99\.0 %, 95 % interval \[[\d., ]+\], n 100/);
    expect(arms).toMatch(/prefix arms · obedient: 83\.0 %, 95 % interval \[[\d., ]+\], n 100/);
  });

  it('hold only arms of the selected setting', async () => {
    await open(snapshotOf({ groups: [HELPFUL_ONLY, ANIMAL_WELFARE] }));
    const arms = host.root.querySelectorAll('svg[role=img]')[2];
    expect(arms?.textContent).toContain('97.1 %');
    expect(arms?.textContent).not.toContain('65.7 %');
  });

  it('leave no style element, which the security policy would refuse', async () => {
    await open(snapshotOf({ groups: [HELPFUL_ONLY] }));
    expect(host.root.querySelectorAll('svg[role=img]')).toHaveLength(3);
    expect(host.root.querySelector('style, .plot [style]')).toBeNull();
  });

  it('are drawn anew only where their numbers changed', async () => {
    const arms = (unmonitored: Group['unmonitored']) =>
      snapshotOf({ groups: [HELPFUL_ONLY, { ...HELPFUL_ONLY, prefix: 'obedient', unmonitored }] });
    await open(arms({ '00C': 17, '00N': 83 }));
    const before = [...host.root.querySelectorAll('svg[role=img]')];
    await host.send(arms({ '00C': 18, '00N': 82 }));
    const after = [...host.root.querySelectorAll('svg[role=img]')];
    expect(after.map((svg, index) => svg === before[index])).toEqual([true, true, false]);
  });

  it('show another measure of the arms when asked, and keep the choice', async () => {
    await open(snapshotOf({ groups: [HELPFUL_ONLY, ...ARMS] }));
    choose('What the arms figure shows', 'gap');
    await settle();
    const arms = host.root.querySelectorAll('svg[role=img]')[2];
    expect(arms?.getAttribute('aria-label')).toMatch(
      /^Compliance gap, .*deceptive: \+44\.0 pp, .* n 100 \+ 100/,
    );
    expect(host.state).toMatchObject({ arms: 'gap' });
    expect(host.asked('options')).toEqual([]);
  });
});

describe('options', () => {
  it('are sent to the host whole, and shown only once the host has answered', async () => {
    await open(snapshotOf({ groups: [HELPFUL_ONLY] }));
    host.get<HTMLInputElement>('input[value=reviewed]').click();
    choose('Classifier of alignment faking', '=full');
    choose('Conditioning of Figure 15', 'training');
    await settle();
    expect(host.asked('options')).toEqual([
      { ...DEFAULTS, labels: 'reviewed' },
      { ...DEFAULTS, classifier: 'full' },
      { ...DEFAULTS, conditioning: 'training' },
    ]);
    expect(host.texts('.notes li')[0]).toContain('Adjudicated labels');
    await host.send(
      snapshotOf({ groups: [HELPFUL_ONLY], options: { labels: 'reviewed', conditioning: 'training' } }),
    );
    expect(host.texts('.notes li')[0]).toContain('Reviewed only: transcripts that a person decided (38');
    expect(host.texts('figcaption')[1]).toContain('training only');
  });

  it('return to the mean of the classifiers', async () => {
    await open(snapshotOf({ groups: [HELPFUL_ONLY], options: { classifier: 'full' } }));
    choose('Classifier of alignment faking', 'mean');
    expect(host.asked('options')).toEqual([DEFAULTS]);
  });

  it('say why the host failed', async () => {
    await open(snapshotOf({ groups: [HELPFUL_ONLY] }));
    host.failure = 'no such classifier';
    host.get<HTMLInputElement>('input[value=reviewed]').click();
    await settle();
    expect(host.text('[role=alert]')).toBe('no such classifier');
  });
});

describe('the table of all rows', () => {
  const groups = [HELPFUL_ONLY, ANIMAL_WELFARE, ...ARMS];

  it('is a table with a caption, heads of columns and rows, and every number with n', async () => {
    await open(snapshotOf({ groups }));
    expect(host.text('.rows caption')).toContain('All 5 rows, adjudicated labels');
    const heads = [...host.root.querySelectorAll('.rows thead th')];
    expect(heads.map((head) => head.getAttribute('scope'))).toEqual(heads.map(() => 'col'));
    expect(heads).toHaveLength(10);
    const rows = [...host.root.querySelectorAll('.rows tbody tr')];
    expect(rows).toHaveLength(5);
    for (const row of rows) {
      expect(row.querySelector('th')?.getAttribute('scope')).toBe('row');
      expect(row.children).toHaveLength(heads.length);
      for (const cell of [...row.querySelectorAll('td')].slice(2)) {
        expect(cell.textContent).toMatch(/(\] n \d|no data\s+n \d)/);
      }
    }
  });

  it('marks the selected row, selects by click and by its button, and keeps the choice', async () => {
    await open(snapshotOf({ groups }));
    expect(host.text('.rows [aria-current=true]')).toBe('helpful-only');
    const buttons = host.root.querySelectorAll<HTMLButtonElement>('.rows tbody button');
    buttons[1]?.click();
    await settle();
    expect(host.get('.rows [aria-current=true]').getAttribute('aria-label')).toBe(
      'animal-welfare · default · arm none',
    );
    expect(host.text('.big')).toBe('+14.3 pp');
    host.root.querySelectorAll<HTMLElement>('.rows tbody tr')[3]?.click();
    await settle();
    expect(host.text('.rows tr.selected')).toContain('deceptive');
    expect(host.asked('options')).toEqual([]);
    const kept = host.state;
    host.close();
    await open(snapshotOf({ groups }), kept);
    expect(host.text('.rows tr.selected')).toContain('deceptive');
  });

  it('falls back when the kept row has gone or the kept state is of another form', async () => {
    await open(snapshotOf({ groups: [EMPTY, ANIMAL_WELFARE] }), {
      version: 1,
      row: '["gone","",""]',
      arms: 'gap',
    });
    expect(host.text('.rows tr.selected')).toContain('animal-welfare');
    host.close();
    await open(snapshotOf({ groups }), { version: 99, row: 7 });
    expect(host.text('.rows tr.selected')).toContain('helpful-only');
  });
});

describe('a table that follows decisions', () => {
  it('follows the transcript on screen until a row is chosen', async () => {
    const onScreen = (current: typeof ANIMAL_WELFARE) =>
      snapshotOf({ groups: [HELPFUL_ONLY, ANIMAL_WELFARE], current });
    await open(onScreen(ANIMAL_WELFARE));
    expect(host.text('.rows tr.selected')).toContain('animal-welfare');
    await host.send(onScreen(HELPFUL_ONLY));
    expect(host.text('.rows tr.selected')).toContain('helpful-only');
    choose('Setting, variant and prefix arm', JSON.stringify(['animal-welfare', 'default', 'none']));
    await host.send(onScreen(HELPFUL_ONLY));
    expect(host.text('.rows tr.selected')).toContain('animal-welfare');
    choose('Setting, variant and prefix arm', 'follow');
    await host.send(onScreen(HELPFUL_ONLY));
    expect(host.text('.rows tr.selected')).toContain('helpful-only');
  });

  it('shows the new numbers of the rows that changed', async () => {
    await open(snapshotOf({ groups: [HELPFUL_ONLY, ANIMAL_WELFARE] }));
    const before = host.texts('.rows tbody tr');
    await host.send(
      snapshotOf({ groups: [OVERRIDDEN, ANIMAL_WELFARE], session: [HELPFUL_ONLY, ANIMAL_WELFARE] }),
    );
    const after = host.texts('.rows tbody tr');
    expect(after[0]).toContain('+10.9 pp');
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).toBe(before[1]);
  });
});

describe('hostile names', () => {
  it('stay text, and show what would be invisible', async () => {
    const evil = '<img src=x onerror=alert(1)>';
    const group = { ...HELPFUL_ONLY, setting: evil, variant: 'a\u202Eb', prefix: 'x'.repeat(5000) };
    await open(
      snapshotOf({ groups: [group], classifiers: ['<b>full</b>', 'partial'], dataset: { file: '<i>f</i>' } }),
    );
    expect(host.root.querySelector('img, b:not(.status b), i')).toBeNull();
    expect(host.text('.rows tbody th')).toBe(evil);
    const variant = host.root.querySelector('.rows tbody td');
    expect(variant?.textContent).toBe('ab');
    expect(variant?.querySelector('.invisible')?.getAttribute('data-code')).toBe('U+202E');
    expect(host.root.textContent).not.toContain('\u202E');
    const arms = host.root.querySelectorAll('svg[role=img]')[2];
    expect(
      [...(arms?.querySelectorAll('text') ?? [])].every((text) => (text.textContent ?? '').length < 40),
    ).toBe(true);
  });

  it('do not merge rows or take the place of the mean', async () => {
    await open(
      snapshotOf({
        groups: [
          { ...HELPFUL_ONLY, setting: 'a · b', variant: 'c' },
          { ...ANIMAL_WELFARE, setting: 'a', variant: 'b · c' },
        ],
        classifiers: ['mean', 'full'],
      }),
    );
    expect(host.root.querySelectorAll('.rows tbody tr')).toHaveLength(2);
    choose('Classifier of alignment faking', '=mean');
    expect(host.asked('options')).toEqual([{ ...DEFAULTS, classifier: 'mean' }]);
  });
});

describe('around the numbers', () => {
  const nothing = {
    options: DEFAULTS,
    current: null,
    classifiers: [],
    unlisted: { rows: 0, transcripts: 0, classifiers: 0 },
    currentRows: null,
    rows: [],
    classifierRows: [],
    sessionRows: [],
  };

  it('offers to open a dataset when none is active', async () => {
    await open({ dataset: null, ...nothing });
    const [sample, file] = host.root.querySelectorAll<HTMLElement>('vscode-button');
    sample?.click();
    file?.click();
    expect(host.asked('command')).toEqual([{ name: 'openSample' }, { name: 'openFile' }]);
  });

  it('says how many rows and classifiers are not listed, and what would settle it', async () => {
    await open(
      snapshotOf({
        groups: [HELPFUL_ONLY],
        unlisted: { rows: 59_800, transcripts: 59_900, classifiers: 1_000 },
      }),
    );
    const notes = host.texts('.notes li').join(' ');
    expect(notes).toContain('59,800 of 59,801 rows are not listed, in which 59,900 transcripts count');
    expect(notes).toContain('correct how the dataset is read');
    expect(notes).toContain('1,000 more classifiers of AF are not listed; they count in the mean');
    expect(notes).toContain('mean of 1002 classifiers (partial, full and 1,000 more)');
    expect(host.text('.rows caption')).toContain('1 rows, 59,800 not listed, adjudicated labels');
  });

  it('shows the row of the transcript on screen though it is not listed, and follows it', async () => {
    const shown = { ...HELPFUL_ONLY, setting: 'elsewhere' };
    const [row] = snapshotOf({ groups: [shown] }).rows;
    if (!row) throw new Error('no row');
    const before = {
      ...snapshotOf({ groups: [ANIMAL_WELFARE], current: row }),
      currentRows: [row, row, row] as const,
    };
    await open(before);
    expect(host.text('.rows tr.selected button')).toBe('elsewhere');
    const { dataset, unlisted } = before;
    const nothing = { rows: [], classifierRows: [], sessionRows: [], dataset, unlisted };
    await host.update({ ...nothing, current: row });
    expect(host.text('.rows tr.selected button')).toBe('elsewhere');
    await host.update({ ...nothing, current: ANIMAL_WELFARE, currentRows: null });
    expect(host.texts('.rows tbody tr')).toHaveLength(1);
  });

  it('says that rows are still to come', async () => {
    const { dataset } = snapshotOf({ groups: [], dataset: { phase: 'indexing', transcripts: 0 } });
    await open({ dataset, ...nothing });
    expect(host.text('.message')).toContain('being indexed');
    expect(host.text('.status')).toContain('counts so far');
  });

  it('explains that a gap needs both conditions', async () => {
    await open(snapshotOf({ groups: [EMPTY], dataset: { transcripts: 106, noCondition: 106 } }));
    expect(host.text('.message')).toContain('None of the 106 transcripts says whether it is from training');
    expect(host.root.querySelector('.big')).toBeNull();
  });

  it('notes what was left out', async () => {
    await open(
      snapshotOf({
        groups: ARMS,
        dataset: { bad: 3, stale: 1, noCondition: 2, phase: 'cancelled', notice: 'run.jsonl has changed' },
      }),
    );
    expect(host.text('.status')).toContain('changed on disk since');
    expect(host.text('.status')).toContain('indexing cancelled, counts of what was read');
    const notes = host.texts('.notes li').join(' ');
    for (const note of [
      '3 bad lines excluded',
      '1 stale decision not counted',
      '2 transcripts without a condition',
      'Indexing was cancelled',
      'run.jsonl has changed: the figures are those of what was read.',
      'off-policy',
    ])
      expect(notes).toContain(note);
  });

  it('says that something of the dataset is missing, and what', async () => {
    const faults = 'run.set.json: the verdicts of p.csv are not joined: no such file or folder (ENOENT)';
    await open(snapshotOf({ groups: ARMS, dataset: { faults } }));
    expect(host.text('.status')).toContain('not all of it read');
    expect(host.texts('.notes li')).toContain(
      `Not all of the dataset is read: ${faults}. The figures rest on what could be.`,
    );
    await open(snapshotOf({ groups: ARMS }));
    expect(host.text('.status')).not.toContain('not all');
  });

  it('says that decisions are missing as long as they are, and why', async () => {
    const noted = async (dataset: object, options = {}) => {
      await open(snapshotOf({ groups: ARMS, dataset, options }));
      return host.texts('.notes li').join(' ');
    };
    expect(await noted({ decisions: 'being read' })).toContain('decisions on disk are still being read');
    expect(await noted({ decisions: 'being compared' })).toContain('Texts are still being compared');
    const problem = { decisionsProblem: 'bo.jsonl: decisions not read: permission denied (and 2 more)' };
    expect(await noted(problem)).toContain(
      'Files of decisions: bo.jsonl: decisions not read: permission denied (and 2 more). The figures rest on',
    );
    const silent = await noted({});
    expect(silent).not.toMatch(/still being|Files of decisions/);
    const alone = await noted({ decisions: 'being read', ...problem }, { labels: 'classifier' });
    expect(alone).not.toMatch(/still being|Files of decisions/);
  });

  it('copies the table through the host', async () => {
    await open(snapshotOf({ groups: [HELPFUL_ONLY] }));
    host.get('.choices vscode-button').click();
    expect(host.asked('command')).toEqual([{ name: 'copyTable' }]);
  });
});
