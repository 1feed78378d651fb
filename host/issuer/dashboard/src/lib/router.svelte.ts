/** Where the operator is, from the part of the address after `#`: `#/cards/0011223344556677?tab=loads`. The server never sees it. */

export interface Place {
  /** `['cards', '0011223344556677']`; empty for the first page. */
  readonly path: readonly string[];
  readonly query: ReadonlyMap<string, string>;
}

export function parsePlace(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  return {
    path: path.split('/').filter(Boolean).map(decoded),
    query: new Map(new URLSearchParams(query)),
  };
}

/** A mistyped address is no reason to stop. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Address of a place; undefined and empty values of the query are left out. */
export function href(path: readonly string[], query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const search = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
  return `#/${path.map(encodeURIComponent).join('/')}${search}`;
}

class Router {
  #place = $state.raw<Place>(parsePlace(location.hash));
  #moved = false;

  constructor() {
    addEventListener('hashchange', () => {
      this.#moved = true;
      this.#place = parsePlace(location.hash);
    });
  }

  /** Whether the operator has gone from one page to another: the first page of a visit leaves the focus where it is. */
  get moved(): boolean {
    return this.#moved;
  }

  get place(): Place {
    return this.#place;
  }

  query(name: string): string {
    return this.#place.query.get(name) ?? '';
  }

  go(path: readonly string[], query: Readonly<Record<string, string | undefined>> = {}): void {
    location.hash = href(path, query);
  }

  /** Changes part of the query without a step in the history, as for sorting and filters. */
  refine(query: Readonly<Record<string, string | undefined>>): void {
    const now = Object.fromEntries(this.#place.query);
    const target = href(this.#place.path, { ...now, ...query });
    history.replaceState(null, '', target);
    this.#place = parsePlace(target);
  }
}

export const router = new Router();
