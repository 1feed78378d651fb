# Builds what changed since the last build. Sourced by ./epurse.
# A stamp is made before a build begins and put in place when it is done, so a file saved meanwhile is built next time.

JAVA_INPUTS="pom.xml jcardsim-ts-bridge/java/pom.xml jcardsim-ts-bridge/java/src applet/pom.xml applet/src"
HOST_INPUTS="tsconfig.json tsconfig.host.json apdu-specs host jcardsim-ts-bridge/src jcardsim-ts-bridge/tsconfig.json"
TEST_INPUTS="$HOST_INPUTS test jcardsim-ts-bridge/test jcardsim-ts-bridge/tsconfig.test.json"
DASHBOARD_INPUTS="host/issuer/dashboard" # it takes nothing but types from elsewhere

inputs_of() { # stamp
  case $1 in
    java) echo "$JAVA_INPUTS" ;;
    host) echo "$HOST_INPUTS" ;;
    tests) echo "$TEST_INPUTS" ;;
    dashboard) echo "$DASHBOARD_INPUTS" ;;
  esac
}

# One sum over names and contents of a build's inputs; the words of the list are split on purpose.
# shellcheck disable=SC2046
contents() { (cd "$ROOT" && find $(inputs_of "$1") -type f -print0 2>/dev/null | sort -z | xargs -0 cksum | cksum); }

# Has nothing changed since? A folder is newer when a file in it came or went. What tests are run on, or graded, is held to its
# contents too: a file that was put back with its old date is newer than no stamp.
# shellcheck disable=SC2046
fresh() { # stamp
  stamp=$STATE/stamp-$1
  [ -f "$stamp" ] && [ -z "$(cd "$ROOT" && find $(inputs_of "$1") -newer "$stamp" 2>/dev/null | head -n 1)" ] || return 1
  ! $WITH_TESTS || [ "$(cat "$stamp")" = "$(contents "$1")" ]
}

java_built() { fresh java && [ -f "$ROOT/jcardsim-ts-bridge/java/target/jcardsim-bridge.jar" ]; }
npm_installed() { [ -d "$ROOT/node_modules" ] && [ "$(cat "$STATE/npm-lock" 2>/dev/null)" = "$(lock_sum)" ]; }
host_built() { fresh host && [ -f "$ROOT/build/host/cli/main.js" ]; }
tests_built() { fresh tests && [ -f "$ROOT/build/test/runner/main.js" ]; }
# What this call runs: programs alone, or the tests too. An error in a test stops no program.
ts_built() { if $WITH_TESTS; then tests_built; else host_built; fi; }
dashboard_built() { fresh dashboard && [ -f "$ROOT/build/dashboard/index.html" ]; }

built() { have node && have java && npm_installed && java_built && ts_built; }

lock_sum() { cksum <"$ROOT/package-lock.json"; }

set_up_and_build() {
  mkdir -p "$STATE"
  take_lock
  use_own_tools
  if ! built; then
    ensure_tools
    build_all
  fi
  release_lock
}

# The pages of the back office: only `issuer serve` and the whole test run want them.
ensure_dashboard() {
  dashboard_built && return 0
  mkdir -p "$STATE"
  take_lock
  dashboard_built || stamped dashboard "Building the dashboard" vite_build || dashboard_failed=true
  release_lock
  ! ${dashboard_failed:-false} || fail build-failed "The dashboard does not build; the log above says more."
}

vite_build() { cd "$ROOT" && npm run --silent build:dashboard; }

# Two calls on one clone: the second waits for the first and then finds everything done.
take_lock() {
  have flock || return 0
  exec 9>"$STATE/lock"
  flock -n 9 && return 0
  say "another call is setting up this clone; waiting for it"
  flock 9
}

release_lock() { exec 9>&-; }

build_all() {
  java_pid=
  if ! java_built; then
    stamped java "Building the bridge and the applet (Maven)" maven_package &
    java_pid=$!
  fi
  failed=
  npm_installed || step "Installing the npm packages" install_packages || failed="the npm packages could not be installed"
  if [ -z "$failed" ]; then
    ts_built || compile || failed="the TypeScript does not compile"
  fi
  if [ -n "$java_pid" ] && ! wait "$java_pid"; then failed=${failed:+$failed; }"the Maven build failed"; fi
  [ -z "$failed" ] || fail build-failed "Not built: $failed. A first build needs a network; the log above says more."
}

stamped() { # stamp, title, command…
  stamp=$STATE/stamp-$1
  shift
  contents "${stamp##*stamp-}" >"$stamp.new"
  step "$@" && mv "$stamp.new" "$stamp"
}

# Install scripts never run here: native modules are optional and built on demand.
install_packages() (
  trust_system_certificates
  cd "$ROOT" && npm ci --ignore-scripts --prefer-offline --no-audit --no-fund && lock_sum >"$STATE/npm-lock"
)

# Node from npm knows its own certification authorities alone; Debian's also those of the system, where a proxy's may be.
trust_system_certificates() {
  bundle=/etc/ssl/certs/ca-certificates.crt
  if [ -z "${NODE_EXTRA_CA_CERTS-}" ] && [ -r "$bundle" ]; then export NODE_EXTRA_CA_CERTS="$bundle"; fi
}

# The first build starts the test machinery on a group that no test is in: Maven fetches that machinery only when it is
# started, and a test run later may have no network.
maven_package() {
  cd "$ROOT" || return 1
  # Maven goes by dates as well
  for module in jcardsim-ts-bridge/java applet; do rm -rf "$module/target/classes" "$module/target/test-classes"; done
  if [ -f "$STATE/maven-complete" ]; then mvn -q -B package -DskipTests; else
    mvn -q -B package -Dgroups=nothing && touch "$STATE/maven-complete"
  fi
}

compile() {
  if $WITH_TESTS; then
    stamped tests "Compiling the TypeScript and its tests" compile_all && cp -p "$STATE/stamp-tests" "$STATE/stamp-host"
  else
    stamped host "Compiling the TypeScript" compile_host
  fi
}

compile_host() { cd "$ROOT" && tsc jcardsim-ts-bridge/tsconfig.json && tsc tsconfig.host.json; }

compile_all() {
  cd "$ROOT" && tsc jcardsim-ts-bridge/tsconfig.json && tsc jcardsim-ts-bridge/tsconfig.test.json && tsc tsconfig.json
}

tsc() { node node_modules/typescript/bin/tsc -p "$1"; }
