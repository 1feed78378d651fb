# Finds Node, a JDK and Maven, and installs what is missing. Sourced by ./epurse.
# apt is used as root or through `sudo -n`, which never asks for a password; Node comes as the npm package `node`
# into .tools/ where the system's is too old.

NODE_MAJOR=20 # the oldest Node that will do is 20.19
NODE_MINOR=19
JDK_MAJOR=17
OWN_NODE=22 # the release line fetched where the system has none
OWN_NPM=10

use_own_tools() {
  if [ -x "$STATE/node/node_modules/.bin/node" ]; then PATH=$STATE/node/node_modules/.bin:$PATH; fi
  if [ -n "${JAVA_HOME-}" ] && [ -x "$JAVA_HOME/bin/javac" ]; then PATH=$JAVA_HOME/bin:$PATH; fi
  export PATH
}

have() { command -v "$1" >/dev/null 2>&1; }

node_will_do() {
  have node || return 1
  version=$(node --version) || return 1
  version=${version#v}
  major=${version%%.*}
  minor=${version#*.}
  minor=${minor%%.*}
  [ "$major" -gt "$NODE_MAJOR" ] || { [ "$major" -eq "$NODE_MAJOR" ] && [ "$minor" -ge "$NODE_MINOR" ]; }
}

jdk_will_do() {
  have javac || return 1
  version=$(javac -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  [ "${version:-0}" -ge "$JDK_MAJOR" ]
}

maven_will_do() { have mvn; }

# Debian's names of what is missing, in the order in which it is checked.
missing_packages() {
  if ! have npm; then echo npm; fi # brings Debian's Node along, and fetches a newer one where that is too old
  if ! jdk_will_do; then echo default-jdk-headless; fi
  if ! maven_will_do; then echo maven; fi
}

ensure_tools() {
  packages=$(missing_packages | tr '\n' ' ')
  packages=${packages% }
  if [ -n "$packages" ]; then
    apt_install "$packages" || fail tools-missing "$(cannot_install "$packages")"
  fi
  if ! node_will_do; then
    step "Fetching Node $OWN_NODE into .tools (the system's is older than $NODE_MAJOR.$NODE_MINOR)" fetch_node ||
      fail node-missing "Node $NODE_MAJOR.$NODE_MINOR or newer is missing and could not be fetched; with a network, call ./epurse again."
    use_own_tools
    hash -r
  fi
  node_will_do || fail node-missing "Node $NODE_MAJOR.$NODE_MINOR or newer is missing; install it from your system's packages."
  jdk_will_do || fail jdk-missing "A JDK $JDK_MAJOR or newer is missing; set JAVA_HOME to one, or: $(install_command default-jdk-headless)"
  maven_will_do || fail maven-missing "Maven is missing; install it with: $(install_command maven)"
}

fetch_node() {
  mkdir -p "$STATE/node"
  printf '{"private":true}\n' >"$STATE/node/package.json"
  (cd "$STATE/node" && npm install --no-audit --no-fund --ignore-scripts=false "node@$OWN_NODE" "npm@$OWN_NPM")
}

# "" for root, "sudo -n" where that works without a password, else no way to install.
privileged() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
  have apt-get && { [ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }
}

apt() {
  privileged env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

apt_install() { # packages as one word list
  may_install || return 1
  mkdir -p "$STATE"
  # shellcheck disable=SC2086 # a list of words on purpose
  step "Installing with apt: $1" apt_fetch_and_install $1
}

apt_fetch_and_install() {
  apt install --no-install-recommends "$@" && return 0
  apt update && apt install --no-install-recommends "$@"
}

install_command() { # Debian package names
  if have apt-get; then
    command="apt-get install --no-install-recommends $1"
    if have sudo; then echo "sudo $command"; else echo "su -c '$command'"; fi
  elif have dnf; then
    echo "sudo dnf install$(in_words_of dnf "$1")"
  elif have pacman; then
    echo "sudo pacman -S$(in_words_of pacman "$1")"
  elif have apk; then
    echo "sudo apk add$(in_words_of apk "$1")"
  elif have brew; then
    echo "brew install$(in_words_of brew "$1")"
  else
    echo "your system's package manager (Node $NODE_MAJOR.$NODE_MINOR, JDK $JDK_MAJOR, Maven)"
  fi
}

in_words_of() { # package manager, Debian package names
  for name in $2; do
    case $1:$name in
      dnf:npm) name=nodejs-npm ;;
      pacman:npm) name="nodejs npm" ;;
      apk:npm) name="nodejs npm" ;;
      brew:npm) name=node ;;
      dnf:default-jdk-headless) name=java-21-openjdk-devel ;;
      pacman:default-jdk-headless) name=jdk-openjdk ;;
      apk:default-jdk-headless) name=openjdk21-jdk ;;
      brew:default-jdk-headless) name=openjdk ;;
    esac
    printf ' %s' "$name"
  done
}

cannot_install() {
  echo "Missing and not installable from here (no root, no password-less sudo, or no network): $1. Then call ./epurse again after: $(install_command "$1")"
}

# Reader access: pcscd and two native modules, of which the first is enough. Never fatal: the command that needs a reader says so.
ensure_native_modules() {
  [ -e "$ROOT/node_modules/smartcard/build/Release/smartcard_napi.node" ] && have_pcscd && return 0
  packages=$(missing_reader_packages | tr '\n' ' ')
  packages=${packages% }
  if [ -n "$packages" ] && ! apt_install "$packages"; then
    say "No PC/SC readers in this call: missing $packages. To have them: $(install_command "$packages")"
    return 0
  fi
  headers=$(node_headers)
  if [ -n "$headers" ]; then export npm_config_nodedir="$headers"; fi
  step "Building the PC/SC modules" rebuild_native ||
    say "No PC/SC readers in this call: the native module did not build, see the lines above."
}

# Where this Node's C++ headers are on this machine, so that node-gyp fetches none; empty where it has to look itself (Debian's
# node-gyp knows where Debian's headers are).
node_headers() {
  beside=$(dirname "$(dirname "$(real_path "$(command -v node)")")")
  for folder in "$beside" "$beside"/node_modules/node-* "$STATE"/node/node_modules/node-*; do
    if [ -f "$folder/include/node/node.h" ]; then
      echo "$folder"
      return
    fi
  done
}

rebuild_native() {
  cd "$ROOT" && npm rebuild --ignore-scripts=false smartcard && { npm rebuild --ignore-scripts=false pcsclite || true; }
}

# Keys in a PKCS #11 token: one native module that needs a compiler alone. Never fatal: the command that needs it says so.
ensure_token_module() {
  [ -e "$ROOT/node_modules/pkcs11js/build/Release/pkcs11.node" ] && return 0
  packages=$(missing_compiler | tr '\n' ' ')
  packages=${packages% }
  if [ -n "$packages" ] && ! apt_install "$packages"; then
    say "No keys in tokens in this call: missing $packages. To have them: $(install_command "$packages")"
    return 0
  fi
  headers=$(node_headers)
  if [ -n "$headers" ]; then export npm_config_nodedir="$headers"; fi
  step "Building the PKCS #11 module" rebuild_token_module ||
    say "No keys in tokens in this call: the native module did not build, see the lines above."
}

rebuild_token_module() { cd "$ROOT" && npm rebuild --ignore-scripts=false pkcs11js; }

have_pcscd() { have pcscd || [ -x /usr/sbin/pcscd ]; }

missing_reader_packages() {
  if ! have_pcscd; then echo pcscd; fi
  if ! [ -e /usr/lib/pcsc/drivers/serial/libifdvpcd.so ]; then echo vsmartcard-vpcd; fi
  if ! [ -e /usr/include/PCSC/winscard.h ]; then echo libpcsclite-dev; fi
  missing_compiler
}

missing_compiler() {
  for tool in g++ make python3; do if ! have $tool; then echo $tool; fi; done
}

real_path() { readlink -f "$1" 2>/dev/null || echo "$1"; }

# What the whole test run uses beside the build; what stays missing makes the tests concerned skip aloud.
ensure_test_tools() {
  packages=$(missing_test_packages | tr '\n' ' ')
  packages=${packages% }
  if [ -z "$packages" ] || apt_install "$packages"; then return 0; fi
  say "The tests that need these will be skipped: $packages. To have them: $(install_command "$packages")"
}

missing_test_packages() {
  if ! have docker-compose; then echo docker-compose; fi
  if ! have_postgresql; then echo postgresql; fi
  if ! have softhsm2-util; then echo softhsm2; fi
  if ! have chromium; then echo chromium; fi
}

# Debian keeps the server's programs out of PATH, in a folder by version.
have_postgresql() {
  for program in /usr/lib/postgresql/*/bin/postgres; do [ -x "$program" ] && return 0; done
  have postgres
}
