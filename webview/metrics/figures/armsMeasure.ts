/** What the figure of arms can show. */
export const ARMS_MEASURES = ['nonComplianceUnmonitored', 'nonComplianceTraining', 'gap'] as const;
export type ArmsMeasure = (typeof ARMS_MEASURES)[number];
