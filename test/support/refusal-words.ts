/** Words by which a test's name says that something is kept from happening. */
const refusal =
  /\b(refus\w+|reject\w*|never|no|not|none|cannot|nothing|neither|without|only|den(y|ies|ied)|blocks?|blocked|fails?)\b/i;

export function saysRefusal(testName: string): boolean {
  return refusal.test(testName);
}
