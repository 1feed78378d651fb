/** Single keys: `/` to the search, `?` for help. Off while somebody types, and wherever the preference says so. */
import { preferences } from './preferences.svelte.js';

export function onShortcut(keys: Readonly<Record<string, () => void>>): () => void {
  const listen = (event: KeyboardEvent): void => {
    const act = keys[event.key];
    if (act === undefined || !preferences.shortcuts || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
    event.preventDefault();
    act();
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;
}
