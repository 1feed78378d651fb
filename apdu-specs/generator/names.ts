// From the specification's camelCase to the names of the generated languages.

/** loadRegister → LOAD_REGISTER; names already in capitals stay as they are. */
export function upperSnake(name: string): string {
  if (name === name.toUpperCase()) return name;
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}

/** loadRegister → LoadRegister; OPEN_SESSION_FULL → OpenSessionFull. */
export function pascal(name: string): string {
  const camel = camelFromSnake(name);
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}

/** OPEN_SESSION_FULL → openSessionFull; camelCase stays as it is. */
export function camelFromSnake(name: string): string {
  if (name !== name.toUpperCase()) return name;
  return name.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

export function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
