# Progress and refusals of the set-up. Sourced by ./epurse.

say() { printf 'epurse: %s\n' "$*" >&2; }

# Ends the call: what is wrong in one sentence, with the command that would mend it. 4 = environment.
fail() { # code, sentence
  say "$2"
  if $JSON; then
    printf '{"event":"setup","ok":false,"code":"%s","moneyMoved":"no","message":"%s"}\n' \
      "$1" "$(printf '%s' "$2" | sed 's/\\/\\\\/g; s/"/\\"/g')"
  fi
  if $TESTING; then
    printf '0 passed, 1 failed\n'
    exit 1
  fi
  exit 4
}

# Runs one long step quietly; its output is kept in a log and shown only if it fails.
step() { # title, command…
  title=$1
  shift
  begun=$(date +%s)
  log=$STATE/$(printf '%s' "$title" | tr -cs '[:alnum:]' '-').log
  say "$title …"
  if "$@" >"$log" 2>&1 </dev/null; then
    say "$title: done in $(($(date +%s) - begun)) s"
  else
    say "$title: failed; the end of $log:"
    tail -n 25 "$log" >&2
    return 1
  fi
}
