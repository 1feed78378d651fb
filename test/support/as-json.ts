/** What is plain data already, as the last line of a command takes it. */
import type { Fields } from '../../host/cli/output.js';

export function asJson(value: object): Fields {
  return JSON.parse(JSON.stringify(value)) as Fields;
}
