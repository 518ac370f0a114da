/**
 * A profile says where in a record everything stands: it turns any JSON value, table row or log sample into transcripts.
 * Profiles are data, so that a correction can be kept beside the dataset and read by a colleague.
 */
import { z } from 'zod';

/** RFC 6901: "/scores/af/value"; "" is the record itself. In an `arms` profile, `{arm}` stands for the arm's key. */
const pointer = z.string().regex(/^(\/.*)?$/s, 'expected a JSON Pointer, such as /scores/af');

const pattern = z.string().refine(isPattern, 'expected a regular expression');

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A facet of the transcript: the text at a place, a part of it, translated; or the same for all. */
const facet = z.strictObject({
  at: pointer.optional(),
  /** The first group that takes part is the value; no match, no value. */
  pattern: pattern.optional(),
  /** What stands there, in lower case, to what it means. For the condition: `training` or `unmonitored`. */
  values: z.record(z.string(), z.string()).optional(),
  /** Where nothing stands, or nothing known. */
  otherwise: z.string().optional(),
});

const message = z.union([
  z.strictObject({
    at: pointer,
    role: z.string(),
    /** Where the file keeps scratchpad and output in separate fields; without it, tags in the text decide. */
    region: z.enum(['scratchpad', 'draft', 'output']).optional(),
    /** A message that a record may lack without being bad. */
    optional: z.boolean().optional(),
  }),
  /** A list of messages: role/content or from/value, content a string or a list of parts. */
  z.strictObject({ chat: pointer }),
]);

const verdict = z.strictObject({
  at: pointer,
  label: z.string().optional(),
  classifier: z.string().optional(),
  /**
   * Set where `at` is an object of which each key that matches is a verdict; the groups `classifier` and `label`, where
   * it has them, name them.
   */
  keys: pattern.optional(),
  /** Under what `at` (and the key) lead to. */
  value: pointer.optional(),
  score: pointer.optional(),
  votes: pointer.optional(),
  /** What counts as yes and as no; without both, true/false, yes/no, 1/0 in any case. Anything else is no answer. */
  yes: z.array(scalar).optional(),
  no: z.array(scalar).optional(),
  /** A number of at least this is yes, one below is no. */
  threshold: z.number().optional(),
  /** The settings in which yes means no: in animal-welfare, a judge's "supports welfare" is not complied. */
  invertedIn: z.array(z.string()).optional(),
});

/** Quotes that a classifier gives as evidence: a string, a list, or a list of lists. */
const evidence = z.strictObject({
  quotes: pointer,
  label: z.string(),
  classifier: z.string(),
});

/** Verdicts in a second file, such as a classifier's predictions. */
const join = z.strictObject({
  /** Relative to the dataset's folder. */
  file: z.string(),
  /** Pointers into a record here and there: by id, or by the text itself. By row number alone nothing can be verified. */
  by: z.enum(['id', 'text']),
  here: pointer,
  there: pointer,
  verdicts: z.array(verdict).optional(),
  evidence: z.array(evidence).optional(),
});

export const profileSchema = z.strictObject({
  version: z.literal(1),
  /** Shown to the user. */
  name: z.string().min(1),
  /** `canonical`: our own schema, no mapping. */
  reads: z.enum(['canonical', 'mapped']),
  id: z.array(pointer).optional(),
  setting: facet.optional(),
  condition: facet.optional(),
  variant: facet.optional(),
  prefix: facet.optional(),
  promptId: pointer.optional(),
  model: facet.optional(),
  messages: z.array(message).optional(),
  /**
   * One record holds several transcripts, one a key of the object at `at`. Named groups of `key` (setting, condition,
   * variant, prefix) are the facets' raw text, put through the `values` of the facet of that name.
   */
  arms: z.strictObject({ at: pointer, key: pattern }).optional(),
  verdicts: z.array(verdict).optional(),
  /** Read `complied` out of the accept and reject tags of the text, marked as derived and held against stored flags. */
  outcomeFromTags: z.boolean().optional(),
  evidence: z.array(evidence).optional(),
  joins: z.array(join).optional(),
});

export type Profile = z.infer<typeof profileSchema>;
export type FacetRule = z.infer<typeof facet>;
export type MessageRule = z.infer<typeof message>;
export type VerdictRule = z.infer<typeof verdict>;
export type EvidenceRule = z.infer<typeof evidence>;
export type JoinRule = z.infer<typeof join>;

/** Our own schema, which needs no mapping. */
export const CANONICAL: Profile = { version: 1, name: 'canonical', reads: 'canonical' };

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}
