export type AnchorStatus =
  | 'exact'
  | 'normalised'
  | 'offsets'
  | 'moved'
  | 'ambiguous'
  | 'not-found'
  | 'out-of-range';
