import { existsSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BridgeError } from './errors.js';

/** How the Java half is started. */
export interface JavaOptions {
  /** The `java` to run; otherwise that of JAVA_HOME, otherwise the first on PATH. It must be 17 or newer. */
  readonly javaPath?: string;
  /** Jars and folders for the bridge itself, in place of those built into this package. */
  readonly classpath?: readonly string[];
  /** Jars and folders added to it, such as those with class transforms. Applets do not belong here but in their spec. */
  readonly extraClasspath?: readonly string[];
  /** More arguments for the JVM, such as `-Xmx512m`. */
  readonly jvmArguments?: readonly string[];
}

/** Small and quick to start: a card needs megabytes, not a server's share of the machine. */
const defaultJvmArguments = ['-XX:+UseSerialGC', '-XX:-UsePerfData', '-Xshare:auto', '-Xms32m', '-Xss2m'];

const mainClass = 'jcardsim.bridge.link.BridgeServer';

/** Command and arguments that run the Java half. */
export function javaCommand(options: JavaOptions): { command: string; args: string[] } {
  const classpath = [...(options.classpath ?? builtClasspath()), ...(options.extraClasspath ?? [])];
  return {
    command: options.javaPath ?? javaOfHome() ?? 'java',
    args: [...defaultJvmArguments, ...(options.jvmArguments ?? []), '-cp', classpath.join(delimiter), mainClass],
  };
}

function javaOfHome(): string | undefined {
  const home = process.env['JAVA_HOME'];
  const java = home ? join(home, 'bin', 'java') : undefined;
  return java && existsSync(java) ? java : undefined;
}

/** The bridge's jar first: it replaces some of jCardSim's classes. */
function builtClasspath(): string[] {
  const target = join(packageFolder(), 'java', 'target');
  const jar = join(target, 'jcardsim-bridge.jar');
  const libraries = join(target, 'lib');
  if (!existsSync(jar) || !existsSync(libraries)) {
    throw new BridgeError(
      'BridgeNotBuilt',
      `There is no ${jar}; build it with "npm run build:java" (needs Maven and a JDK).`,
    );
  }
  const jars = readdirSync(libraries).filter((name) => name.endsWith('.jar'));
  return [jar, ...jars.sort().map((name) => join(libraries, name))];
}

/** The folder of this package, from dist/ as from a test build. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'java', 'pom.xml')) && !existsSync(join(folder, 'java', 'target'))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new BridgeError('BridgeNotBuilt', 'The folder of the package jcardsim-ts-bridge cannot be found.');
    }
    folder = parent;
  }
  return folder;
}
