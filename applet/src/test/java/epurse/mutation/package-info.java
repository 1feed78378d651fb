/**
 * Do the tests notice? {@link epurse.mutation.Campaign} runs them on mutants of the applet and says which ones nobody noticed.
 *
 * <p>One process lists the mutants and hands them out; worker processes run, for each, the tests that reach the changed method,
 * until one fails. A worker that hangs in an endless loop is killed, and so is its mutant.
 */
package epurse.mutation;
