/** Names of tests as their sources have them, for what has to be known of tests that did not run. */

const ids = /\[[RM]\d+(?:, ?[RM]\d+)*\]/g;

/** `it('…')` and `describe('…')` of a TypeScript file; a name that is put together keeps its `${…}`. */
export function namesInTypeScript(text: string, of: 'it' | 'describe' | 'both' = 'both'): string[] {
  const word = of === 'both' ? '(?:it|describe)' : of;
  const pattern = new RegExp(`\\b${word}(?:\\.\\w+)?\\(\\s*(['"\`])((?:\\\\.|(?!\\1).)*)\\1`, 'gs');
  return [...text.matchAll(pattern)].map(([, , name = '']) => name);
}

/** Everything a TypeScript file is about: its names, and the ids of requirements that it puts into names elsewhere, such as out of a table. */
export function subjectsInTypeScript(text: string, file: string): string[] {
  const names = namesInTypeScript(text);
  const bracketed = [...new Set(text.match(ids) ?? [])];
  const elsewhere = bracketed.filter((id) => !names.some((name) => name.includes(id)));
  return elsewhere.length === 0 ? names : [...names, `${file} ${elsewhere.join(' ')}`];
}

export interface JavaTest {
  readonly method: string;
  /** What it says: its `@DisplayName`, or its name in words; with the ids of requirements that stand beside it or above its class. */
  readonly title: string;
  /** Tagged `slow`, or its class is. */
  readonly isSlow: boolean;
}

const annotation = String.raw`[ \t]*@\w+(?:\((?:"(?:\\.|[^"])*"|[^)"])*\))?`;
const methods = new RegExp(
  String.raw`((?:^${annotation}[ \t]*\n)+)[ \t]*(?:public )?void (\w+)\([^)]*\)[^{\n]*\{[ \t]*(//.*)?$`,
  'gm',
);

/** Whether JUnit finds tests in a source. */
export function hasJavaTests(text: string): boolean {
  return /@(Test|ParameterizedTest|RepeatedTest|TestFactory)\b/.test(text);
}

/** Tests of a JUnit class. The ids are in its Javadoc, `[M5]`, or behind the opening brace of a method, `{ // [M7]`. */
export function testsInJava(text: string): JavaTest[] {
  const head = text.slice(0, /^(?:public )?(?:final )?(?:abstract )?class /m.exec(text)?.index ?? 0);
  const general = head.match(ids) ?? [];
  return [...text.matchAll(methods)]
    .filter(([, annotations = '']) => hasJavaTests(annotations))
    .map(([, annotations = '', method = '', comment = '']) => {
      const own = [...(comment.match(ids) ?? []), ...general];
      const [, sentence = inWords(method)] = /@DisplayName\(\s*"((?:\\.|[^"])*)"/.exec(annotations) ?? [];
      const isSlow = annotations.includes('@Tag("slow")') || head.includes('@Tag("slow")');
      return { method, title: [sentence, ...new Set(own)].join(' '), isSlow };
    });
}

/** `aCardIsBlocked` → `a card is blocked`. */
function inWords(method: string): string {
  return method.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ').toLowerCase();
}
