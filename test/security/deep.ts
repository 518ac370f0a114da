/** Set for runs that try far more than CI has time for: `TRANSCRIPT_REVIEW_DEEP=1 npx vitest run test/security`. */
export const DEEP = process.env.TRANSCRIPT_REVIEW_DEEP === '1';
