/** The back office as it runs: the real server over HTTPS, a store in memory with two weeks of business in it, operators, and a browser. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { FastifyInstance } from 'fastify';
import { issuerServer } from '../../host/issuer/http/server.js';
import { addOperator } from '../../host/issuer/operator/accounts.js';
import type { OperatorRole } from '../../host/issuer/store/schema-operators.js';
import { TestTls } from '../helpers/https.js';
import { schemeId } from '../helpers/scheme.js';
import { SoftIssuer, testPolicy } from '../helpers/soft-issuer.js';
import { skip } from '../support/skip.js';
import { chromiumPath, dashboardFolder, isDashboardBuilt, startChromium } from './browser.js';
import { liveTwoWeeks } from './campus.js';
import type { Campus } from './campus.js';

export const password = 'seven green herons';
/** Nobody guesses these in earnest. */
const cheap = { log_n: 4, r: 8, p: 1 };
const debtor = { name: 'Campus Purse Ltd', iban: 'GB82WEST12345698765432' };
const people = { tess: 'teller', olga: 'operator', otto: 'operator', aude: 'auditor' } as const satisfies Record<
  string,
  OperatorRole
>;
export type Person = keyof typeof people;

export interface Look {
  readonly theme?: 'light' | 'dark';
  readonly language?: 'en' | 'de';
  readonly width?: number;
}

export class Office {
  /** What browsers complained about: errors of the page, and whatever the security policy refused. */
  readonly complaints: string[] = [];
  readonly #contexts: BrowserContext[] = [];

  private constructor(
    readonly campus: Campus,
    readonly url: string,
    private readonly server: FastifyInstance,
    private readonly browser: Browser,
  ) {}

  /** In a `before` hook: skips the suite, aloud, where there is no Chromium or no built dashboard. */
  static async open(context: Mocha.Context): Promise<Office> {
    const chromium = chromiumPath();
    if (chromium === undefined) skip(context, 'Chromium is not installed');
    if (!isDashboardBuilt()) skip(context, 'the dashboard is not built: npm run build:dashboard');
    const site = await SoftIssuer.open(undefined, { ...testPolicy, debtor });
    const campus = await liveTwoWeeks(site);
    for (const [name, role] of Object.entries(people)) await addOperator(site.issuer, name, role, password, cheap);
    const tls = new TestTls(schemeId).server();
    const server = issuerServer(site.issuer, site.port, { tls, dashboard: dashboardFolder });
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    return new Office(campus, url, server, await startChromium(chromium));
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.close();
    await this.campus.site.close();
  }

  /** The dashboard in a browser that was never here before. */
  async visit({ theme = 'light', language = 'en', width = 1280 }: Look = {}): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: { width, height: 860 },
      ignoreHTTPSErrors: true,
      reducedMotion: 'reduce',
    });
    this.#contexts.push(context);
    context.setDefaultTimeout(15_000);
    const chosen = JSON.stringify({ theme, language });
    await context.addInitScript(`
      for (const [name, value] of Object.entries(${chosen})) localStorage.setItem('epurse.' + name, value);
      document.addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective));`);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      // a refused request is an answer the page is made for
      if (message.type() === 'error' && !/^Failed to load resource: .*\b4\d\d\b/.test(message.text()))
        this.complaints.push(message.text());
    });
    await page.goto(`${this.url}/`);
    await page.waitForSelector('h1');
    return page;
  }

  /** Somebody's working day. */
  async at(person: Person, look: Look = {}): Promise<Page> {
    const page = await this.visit(look);
    await signIn(page, person);
    await page.waitForSelector('nav', { state: 'attached' });
    await settled(page);
    return page;
  }

  async leave(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close();
  }
}

let opened: Promise<Office> | undefined;

/** One office for all suites of this folder: two weeks take their time. In a `before` hook: {@link Office.open}. */
export function sharedOffice(context: Mocha.Context): Promise<Office> {
  return (opened ??= Office.open(context));
}

after(async () => {
  await (await opened?.catch(() => undefined))?.close();
});

export async function signIn(page: Page, name: string, secret = password): Promise<void> {
  await page.fill('input[autocomplete=username]', name);
  await page.fill('input[autocomplete=current-password]', secret);
  await page.keyboard.press('Enter');
}

export async function go(page: Page, place: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
  await settled(page);
}

/** Until everything that was asked for is on the page. */
export function settled(page: Page): Promise<void> {
  return until(page, "document.querySelector('main h1') !== null && document.querySelector('.loading') === null");
}

/** Until an expression is true. Asked from outside: the page's own policy lets nothing be evaluated inside. */
export async function until(page: Page, expression: string): Promise<void> {
  for (const end = Date.now() + 15_000; Date.now() < end;) {
    if (await page.evaluate<boolean>(expression)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never true: ${expression}`);
}
