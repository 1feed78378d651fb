/** A fast run: a test that repeats itself with other numbers repeats itself less often. */
export const hurried = process.env['EPURSE_FAST'] === '1';
