/**
 * Setup of every test file: the thread is let go after each test. Vitest gives up on a file that does not let go of it for
 * a minute, and tests that wait for nothing run one after the other without doing so: some dozens take that long together
 * on a busy machine.
 */
import { setImmediate } from 'node:timers/promises'; // not among the timers that tests replace
import { afterEach } from 'vitest';

afterEach(() => setImmediate());
