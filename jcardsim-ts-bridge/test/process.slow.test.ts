import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBridge } from '../src/index.js';
import { commandLineOf, waitFor } from '../src/processes.js';
import {
  commands,
  failureOf,
  packageUrl,
  runProgram,
  select,
  tallySpec,
  temporaryFolder,
  transformFolder,
} from './support.js';

describe('the Java process', () => {
  it('ends when the bridge is closed, and refuses requests from then on', async () => {
    const bridge = await startBridge();
    const card = await bridge.createCard(tallySpec());
    await bridge.close();
    expect(await commandLineOf(bridge.pid)).to.equal(undefined);
    await failureOf(card.powerOn(), 'BridgeClosed');
    await bridge.close();
  });

  it('answers what was sent before the bridge was closed', async () => {
    const bridge = await startBridge();
    const card = await bridge.createCard(tallySpec());
    const atr = card.powerOn();
    await bridge.close();
    expect((await atr).length).to.be.greaterThan(1);
  });

  it('killed from outside, ends every call under way with BridgeDied', async () => {
    const bridge = await startBridge();
    const card = await bridge.createCard(tallySpec());
    await card.powerOn();
    await select(card);
    const hanging = failureOf(card.transmit(commands.hang), 'BridgeDied');
    process.kill(bridge.pid, 'SIGKILL');
    expect((await hanging).message).to.contain('SIGKILL');
    await failureOf(card.transmit(commands.read), 'BridgeDied');
    await bridge.close();
  });

  it('is killed when an applet hangs for longer than is allowed', async () => {
    const bridge = await startBridge({ answerWithin: 3000 });
    const card = await bridge.createCard(tallySpec());
    await card.powerOn();
    await select(card);
    await failureOf(card.transmit(commands.hang), 'NoAnswer');
    expect(await gone(bridge.pid)).to.equal(true);
    await failureOf(card.powerOn(), 'NoAnswer');
    await bridge.close();
  });

  it('is named when there is no java, no bridge on the class path, or something else answers', async () => {
    await failureOf(startBridge({ javaPath: '/does/not/exist/java' }), 'JavaNotFound');
    await failureOf(startBridge({ classpath: [temporaryFolder()] }), 'BridgeNotBuilt');
    await failureOf(startBridge({ javaPath: script('echo hello world, this is not the bridge') }), 'Internal');
    await failureOf(startBridge({ javaPath: script('echo "Unrecognized VM option" >&2; exit 1') }), 'JavaTooOld');
    const died = await failureOf(startBridge({ javaPath: script('echo out of luck >&2; exit 3') }), 'BridgeDied');
    expect(died.message).to.contain('status 3').and.contain('out of luck');
  });

  it('hands over what is printed on the Java side, never mixed into the answers', async () => {
    const lines: string[] = [];
    const bridge = await startBridge({ extraClasspath: [transformFolder()], onLog: (line) => lines.push(line) });
    const classTransforms = [{ className: 'demo.LoudStep', argument: 'total=TOTAL' }];
    const card = await bridge.createCard(tallySpec({ classTransforms }));
    expect((await card.persistentState()).text)
      .to.contain('TallyApplet.TOTAL')
      .and.not.contain('TallyApplet.total');
    await failureOf(bridge.createCard(tallySpec({ classTransforms: [{ className: 'demo.LoudStep' }] })), 'BadRequest');
    await bridge.close();
    expect(lines).to.include('rewriting demo/TallyApplet');
  });

  it('does not keep a program running that forgot to close its bridge, and ends with it', async () => {
    const pid = await runProgram(`
      import { startBridge } from '${packageUrl}';
      const bridge = await startBridge();
      console.log(bridge.pid);
    `);
    expect(await gone(Number(pid))).to.equal(true);
  });

  it('does not hear a Ctrl-C, so that its program can finish with the card', async () => {
    const child = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `
      import { startBridge } from '${packageUrl}';
      const bridge = await startBridge();
      const ticking = setInterval(() => undefined, 1000);
      process.once('SIGINT', () => setTimeout(async () => {
        clearInterval(ticking);
        const card = await bridge.createCard(${specText()});
        console.log((await card.powerOn()).length > 1 ? 'finished' : 'failed');
        await bridge.close();
      }, 200));
      console.log('ready');
    `,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'], detached: true },
    );
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      // as a terminal does: to the whole process group
      if (text.includes('ready')) process.kill(-(child.pid ?? 0), 'SIGINT');
    });
    await once(child, 'close');
    expect(printed).to.equal('ready\nfinished\n');
  });

  it('ends when its program is killed, even while an applet hangs', async () => {
    const pid = await runProgram(`
      import { startBridge } from '${packageUrl}';
      const bridge = await startBridge();
      const card = await bridge.createCard(${specText()});
      await card.powerOn();
      await card.transmit(Uint8Array.from(${JSON.stringify([...commands.select])}));
      void card.transmit(Uint8Array.from(${JSON.stringify([...commands.hang])}));
      process.stdout.write(String(bridge.pid), () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), 100));
    `);
    expect(await commandLineOf(Number(pid))).to.contain('BridgeServer');
    expect(await gone(Number(pid))).to.equal(true);
  });

  /** The toy's specification as a program's text. */
  function specText(): string {
    const { aid, ...spec } = tallySpec();
    return `{ ...${JSON.stringify(spec)}, aid: Uint8Array.from(${JSON.stringify([...aid])}) }`;
  }

  async function gone(pid: number): Promise<boolean> {
    return (await waitFor(8000, async () => ((await commandLineOf(pid)) === undefined ? true : undefined))) ?? false;
  }

  function script(line: string): string {
    const path = join(temporaryFolder(), 'java');
    writeFileSync(path, `#!/bin/sh\n${line}\n`);
    chmodSync(path, 0o755);
    return path;
  }
});
