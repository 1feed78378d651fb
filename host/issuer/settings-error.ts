/** The settings, or a file that they name, cannot be read. `message` is a sentence for a person. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}
