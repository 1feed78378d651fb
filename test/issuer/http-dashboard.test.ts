/** The dashboard's files over HTTP: under a strict policy, and nothing outside their folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { dashboardPages } from '../../host/issuer/http/dashboard.js';
import { sendProblem } from '../../host/issuer/http/problems.js';

describe('The dashboard’s files', () => {
  let folder: string;
  let server: FastifyInstance;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'epurse-dashboard-'));
    mkdirSync(join(folder, 'pages', 'assets'), { recursive: true });
    writeFileSync(join(folder, 'pages', 'index.html'), '<!doctype html>');
    writeFileSync(join(folder, 'pages', 'assets', 'index-abc.js'), 'export {};');
    writeFileSync(join(folder, 'secret.txt'), 'not for browsers');
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(() => server.close());

  function serving(pages: string): FastifyInstance {
    server = fastify();
    server.setErrorHandler((error, request, reply) => {
      sendProblem(request, reply, error);
    });
    void server.register((scope) => dashboardPages(scope, pages));
    return server;
  }

  it('come with a policy that lets no inline script, no style and no other host in', async () => {
    const { statusCode, headers } = await serving(join(folder, 'pages')).inject('/dashboard/');
    expect(statusCode).to.equal(200);
    const policy = String(headers['content-security-policy']);
    expect(policy).to.match(/^default-src 'none'/);
    expect(policy).to.not.match(/unsafe|\*|https?:|data:/);
    expect(headers).to.include({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' });
  });

  it('are kept by browsers where their name says what is in them, and asked for anew where not', async () => {
    serving(join(folder, 'pages'));
    const asset = await server.inject('/dashboard/assets/index-abc.js');
    expect(asset.headers['cache-control']).to.match(/immutable/);
    expect((await server.inject('/dashboard/')).headers['cache-control']).to.equal('no-cache');
  });

  it('are found from the server’s root', async () => {
    serving(join(folder, 'pages'));
    for (const path of ['/', '/dashboard']) {
      const { statusCode, headers } = await server.inject(path);
      expect([statusCode, headers.location]).to.deep.equal([302, '/dashboard/']);
    }
  });

  it('never include what lies beside their folder', async () => {
    serving(join(folder, 'pages'));
    for (const path of ['../secret.txt', '..%2fsecret.txt', '%2e%2e/secret.txt', '....//secret.txt', '..%5csecret.txt'])
      expect((await server.inject(`/dashboard/${path}`)).body).to.not.include('not for browsers');
  });

  it('are said to be missing where they were not built', async () => {
    const answer = await serving(join(folder, 'nowhere')).inject('/dashboard/');
    expect(answer.statusCode).to.equal(404);
    expect(answer.json()).to.include({ code: 'not-found' });
    expect(answer.body).to.match(/not built/);
  });
});
