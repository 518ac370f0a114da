/**
 * A profile says where in a record everything stands: it turns any JSON value, table row or log sample into transcripts.
 * Profiles are data, so that a correction can be kept beside the dataset and read by a colleague.
 */
import * as z from 'zod';
import { isInsideFolder } from '../dataset/insideFolder';
import { CONDITIONS } from '../dataset/model';
import { plainWord } from './answer';
import { atMost, list, MAX_RULES, text } from './bounded';
import { ARM, MAX_POINTER_UNITS, parsePointer, pointerProblem } from './pointer';

/** Each is another file that is read. */
export const MAX_JOINS = 100;
/** Rules of one join: there may be many joins. */
const MAX_OF_JOIN = 100;
/** Places in order of preference. */
const MAX_PLACES = 100;

/** RFC 6901: "/scores/af/value"; "" is the record itself. In a profile with `arms`, `{arm}` stands for the arm's key. */
const pointer = z.string().superRefine((written, { addIssue }) => {
  const problem =
    written.length > MAX_POINTER_UNITS
      ? `a JSON Pointer of more than ${MAX_POINTER_UNITS} characters`
      : pointerProblem(written);
  if (problem !== null) addIssue(problem);
});

/** One place, or several in order of preference: the first where something stands counts. */
const where = z.union([
  pointer,
  list(pointer, MAX_PLACES).superRefine(({ length }, { addIssue }) => {
    if (length === 0) addIssue('expected at least one JSON Pointer');
  }),
]);

/** In UTF-16 units. */
export const MAX_PATTERN_UNITS = 500;

/** A regular expression of RE2; upper and lower case are the same to it. Whether it is one, `checkProfile` says. */
const pattern = z.string().superRefine(atMost(MAX_PATTERN_UNITS, 'characters'));

const scalar = z.union([text, z.number(), z.boolean(), z.null()]);
const name = text.superRefine((written, { addIssue }) => {
  if (written === '') addIssue('expected a name');
});

/** A facet of the transcript: the text at a place, a part of it, translated; or the same for all. */
const facet = z
  .strictObject({
    at: where.optional(),
    /** Look into the name of the file first, with its folders: what a run varied often stands nowhere else. */
    file: z.boolean().optional(),
    /** The first group that takes part is the value (the whole match where it has none); no match, no value. */
    pattern: pattern.optional(),
    /** What stands there to what it means, whatever the case. For the condition: `training` or `unmonitored`. */
    values: z
      .record(text, text)
      .superRefine((values, { addIssue }) => {
        if (Object.keys(values).length > MAX_RULES) addIssue(`more than ${MAX_RULES} values`);
      })
      .optional(),
    /** Where nothing stands, or nothing known. */
    otherwise: text.optional(),
    /** Warn of a record in which nothing stands there. */
    expected: z.boolean().optional(),
  })
  .superRefine((rule, { addIssue }) => {
    if ([rule.at, rule.file, rule.values, rule.otherwise].every((part) => part === undefined)) {
      addIssue('says neither where to look (at, file) nor what holds for all (otherwise)');
    }
    if (rule.file === true && rule.pattern === undefined) {
      addIssue({
        code: 'custom',
        path: ['pattern'],
        message: 'a file name needs a pattern: which part of it counts',
      });
    }
    sameMeaning(Object.entries(rule.values ?? {}), 'values', addIssue);
  });

const condition = facet.superRefine((rule, { addIssue }) => {
  const given: [path: string[], value: string | undefined][] = [
    ...Object.entries(rule.values ?? {}).map(([key, value]): [string[], string] => [['values', key], value]),
    [['otherwise'], rule.otherwise],
  ];
  for (const [path, value] of given) {
    if (value === undefined || (CONDITIONS as readonly string[]).includes(value)) continue;
    addIssue({
      code: 'custom',
      path,
      message: `expected "training" or "unmonitored", found ${JSON.stringify(value)}`,
    });
  }
});

const textMessage = z.strictObject({
  at: where,
  role: name,
  /** Where the file keeps scratchpad and output in separate fields; without it, tags in the text decide. */
  region: z.enum(['scratchpad', 'draft', 'output']).optional(),
  /** A message that a record may lack without being bad. */
  optional: z.boolean().optional(),
  /** Not read where something stands here, such as the whole answer whose parts the others are. */
  unless: where.optional(),
});

/** A list of messages: role/content or from/value, content a string or a list of parts; or the same as JSON in a string. */
const chatMessages = z.strictObject({ chat: where, optional: z.boolean().optional() });

const message = z.union([textMessage, chatMessages]);

const verdict = z
  .strictObject({
    at: where,
    /** Without it: what `keys` names, else the last name of the pointer. The same for the classifier. */
    label: name.optional(),
    classifier: name.optional(),
    /**
     * Set where `at` is an object of which each key that matches is a verdict; the groups `classifier` and `label`, where
     * it has them, name them.
     */
    keys: pattern.optional(),
    /** Under what `at` (and the key) lead to. */
    value: pointer.optional(),
    /** Where it leads to the value itself, a number that is neither yes nor no is nothing to warn of. */
    score: pointer.optional(),
    votes: pointer.optional(),
    /** What counts as yes and as no; without both, true/false, yes/no, 1/0 in any case. Anything else is no answer. */
    yes: list(scalar).optional(),
    no: list(scalar).optional(),
    /** Words that mean no answer; the usual ones (unparseable, unknown, n/a …) are known. Of others a warning tells. */
    none: list(scalar).optional(),
    /** A number of at least this is yes, one below is no. */
    threshold: z.number().optional(),
    /** The value should be yes where the score is at least this, and no below; where it is not, a contradiction. */
    scoreThreshold: z.number().optional(),
    /** The settings in which yes means no: in animal-welfare, a judge's "supports welfare" is not complied. */
    invertedIn: list(name, MAX_PLACES).optional(),
    /** No answer where a yes stands here: "skipped": true. */
    unless: where.optional(),
    /** Said to be what the accept and reject tags of the text say, and held against them. */
    heldAgainstTags: z.boolean().optional(),
  })
  .superRefine((rule, { addIssue }) => {
    const words = (list: typeof rule.yes, meaning: string) =>
      (list ?? []).map((word): [string, string] => [String(word), meaning]);
    sameMeaning(
      [...words(rule.yes, 'yes'), ...words(rule.no, 'no'), ...words(rule.none, 'none')],
      'no',
      addIssue,
    );
    if (rule.heldAgainstTags === true && rule.label !== 'complied') {
      addIssue({
        code: 'custom',
        path: ['heldAgainstTags'],
        message: 'the tags say whether it complied: the label must be "complied"',
      });
    }
  });

/** Quotes that a classifier gives as evidence: a string, a list, or a list of lists; or the same as JSON in a string. */
const evidence = z.strictObject({
  quotes: where,
  label: name,
  classifier: name,
});

/** Verdicts in a second file, such as a classifier's predictions. */
const join = z
  .strictObject({
    /** Relative to the dataset's folder. */
    file: text.superRefine((file, { addIssue }) => {
      if (!isInsideFolder(file)) addIssue('expected the name of a file in the folder of the dataset');
    }),
    /** Pointers into a record here and there: by id, or by the text itself. By row number alone nothing can be verified. */
    by: z.enum(['id', 'text']),
    here: pointer,
    there: pointer,
    verdicts: list(verdict, MAX_OF_JOIN).optional(),
    evidence: list(evidence, MAX_OF_JOIN).optional(),
  })
  .superRefine((rule, { addIssue }) => {
    for (const side of ['here', 'there'] as const) {
      if (rule.by === 'text' || (rule[side] !== '' && !isRowNumber(rule[side]))) continue;
      const message = `${rule[side] || 'the record'} is the number of a row: that both files count the same rows in the same order cannot be verified; join by an id or by the text`;
      addIssue({ code: 'custom', path: [side], message });
    }
    if ((rule.verdicts ?? []).length + (rule.evidence ?? []).length === 0) {
      addIssue('names neither verdicts nor evidence to take from the file');
    }
  });

const arms = z.strictObject({ at: pointer, key: pattern });

const mapping = {
  /** Its parts, joined by ":"; made from the file and line where one is missing. */
  id: list(where, MAX_PLACES).optional(),
  /** The file may keep several records on one line: ids that have to be made up tell them apart. */
  recordsShareLines: z.boolean().optional(),
  setting: facet.optional(),
  condition: condition.optional(),
  variant: facet.optional(),
  prefix: facet.optional(),
  /** The same prompt in both conditions: by an id, or, where it has none, by its text. */
  promptId: z.union([where, z.strictObject({ textOf: where })]).optional(),
  model: facet.optional(),
  messages: list(message).optional(),
  /**
   * One record holds several transcripts, one a key of the object at `at`. Named groups of `key` (setting, condition,
   * variant, prefix) are the facets' raw text, put through the `values` of the facet of that name.
   */
  arms: arms.optional(),
  verdicts: list(verdict).optional(),
  /** Read `complied` out of the accept and reject tags of the text, marked as derived, where no flag held against them is stored. */
  outcomeFromTags: z.boolean().optional(),
  evidence: list(evidence).optional(),
  joins: list(join, MAX_JOINS).optional(),
  /** Fields that are kept with the transcript as they are, under their own names. */
  metadata: list(pointer).optional(),
};

export const profileSchema = z
  .strictObject({
    version: z.literal(1),
    /** Shown to the user. */
    name: name.superRefine(({ length }, { addIssue }) => {
      if (length > 100) addIssue('a name of at most 100 characters');
    }),
    /** `canonical`: our own schema, no mapping. */
    reads: z.enum(['canonical', 'mapped']),
    ...mapping,
  })
  .superRefine((profile, { addIssue }) => {
    const issue = (path: string, message: string) => addIssue({ code: 'custom', path: [path], message });
    if (profile.reads === 'canonical') {
      for (const key of Object.keys(mapping)) {
        if (key in profile)
          issue(key, 'the canonical format needs no mapping; with one, "reads" is "mapped"');
      }
    }
    if (profile.arms && profile.joins)
      issue('joins', 'a record with several arms cannot be joined to a second file');
    if (!profile.arms) {
      for (const key of Object.keys(mapping)) {
        const used = JSON.stringify(profile[key as keyof typeof mapping] ?? null).includes(ARM);
        if (used) issue(key, `${ARM} has a meaning only in a profile with arms`);
      }
    }
  });

export type Profile = z.infer<typeof profileSchema>;
export type Where = z.infer<typeof where>;
export type FacetRule = z.infer<typeof facet>;
export type MessageRule = z.infer<typeof message>;
export type TextRule = z.infer<typeof textMessage>;
export type ChatRule = z.infer<typeof chatMessages>;
export type VerdictRule = z.infer<typeof verdict>;
export type EvidenceRule = z.infer<typeof evidence>;
export type JoinRule = z.infer<typeof join>;
export type ArmsRule = z.infer<typeof arms>;

/** Our own schema, which needs no mapping. */
export const CANONICAL: Profile = { version: 1, name: 'canonical', reads: 'canonical' };

/** A profile that we bring along, and how its records are told from others. */
export interface BuiltIn {
  readonly profile: Profile;
  readonly detects: (record: unknown) => boolean;
}

/** What tables call the number of a row; a column without a name is one as well. */
const ROW_NUMBER = /(?:^|_)(?:row|index|idx|line|num|number)$|^(?:unnamed:_?0|)$/;

/** Whether a field is the number of a row, by its name: whether it counts the same rows everywhere nobody can verify. */
export function isRowNumber(at: string): boolean {
  return ROW_NUMBER.test(plainWord(parsePointer(at).at(-1) ?? ''));
}

type AddIssue = (issue: { code: 'custom'; path: string[]; message: string }) => void;

/** Words that are the same to us must mean the same. */
function sameMeaning(
  meanings: readonly (readonly [string, string])[],
  path: string,
  addIssue: AddIssue,
): void {
  const known = new Map<string, string>();
  for (const [word, meaning] of meanings) {
    const plain = plainWord(word);
    const earlier = known.get(plain);
    known.set(plain, meaning);
    if (earlier === undefined || earlier === meaning) continue;
    addIssue({
      code: 'custom',
      path: [path],
      message: `${JSON.stringify(word)} has two meanings, ${earlier} and ${meaning}`,
    });
  }
}
