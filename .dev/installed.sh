# shellcheck shell=bash disable=SC2154 # dev sets root, var and target
# What must be installed: part of ./dev, which reads this file. Each check asks for what will be used, at the version that
# is needed, by using it once: what is missing shows in the first seconds, not after minutes of compiling.

# at_least WANTED HAVE: whether the version HAVE is WANTED or later; nothing is not.
at_least() { [[ -n $2 && $(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n1) == "$1" ]]; }

# version_of COMMAND…: the first number in what a command says; nothing where it does not run.
version_of() { { "$@" 2>/dev/null || true; } | grep -oE '[0-9]+(\.[0-9]+)*' | head -n1 || true; }

all_found() {
  local name
  for name in "$@"; do
    type -P "$name" >/dev/null || return 1
  done
}

# present PACKAGE: whether what a Debian package would bring is here and works, wherever it came from.
present() {
  case $1 in
    util-linux) all_found setsid setpriv flock ;;
    procps) all_found kill pgrep ;;
    ca-certificates) [[ -s ${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt} || -s /etc/pki/tls/certs/ca-bundle.crt ]] ;;
    cmake) at_least 3.16 "$(version_of "${CMAKE:-cmake}" --version)" ;;
    g++) programs_compile ;;
    nodejs | npm) [[ -n $(node_folder) ]] ;;
    postgresql) [[ -n $(postgres_bin) ]] ;;
    redis-server) [[ -n $(version_of redis-server --version) ]] ;;
    chromium) chromium_starts ;;
    chromium-driver) [[ -n $(version_of chromedriver --version) && $(major chromedriver) == "$(major "$(chromium_name)")" ]] ;;
    fonts-liberation) [[ -d /usr/share/fonts/truetype/liberation || -d /usr/share/fonts/truetype/liberation2 ]] ;;
    python3) python3 -c 'import email.policy, json, os, socket, socketserver, threading' 2>/dev/null ;;
    *) all_found "$1" ;;
  esac
}

# What people without apt-get are told about a package's version.
wanted() {
  case $1 in
    cmake) echo 'cmake (3.16 or later)' ;;
    g++) echo 'g++ (or another C++ compiler that makes a program, as c++ and cc)' ;;
    nodejs) echo 'nodejs (18 or later)' ;;
    npm) echo 'npm (7 or later, beside that node)' ;;
    postgresql) echo 'postgresql (15 or later, with btree_gist)' ;;
    chromium-driver) echo 'chromium-driver (of the same version as chromium)' ;;
    *) echo "$1" ;;
  esac
}

# `c++` compiles HiGHS; `cc` compiles ring and links for Rust.
programs_compile() {
  local folder status=0
  folder=$(mktemp -d)
  {
    printf '#include <vector>\nint main() { return std::vector<int>(1)[0]; }\n' >"$folder/a.cpp" &&
      printf '#include <stdint.h>\nint main(void) { return 0; }\n' >"$folder/b.c" &&
      ${CXX:-c++} "$folder/a.cpp" -o "$folder/a" && "$folder/a" &&
      ${CC:-cc} "$folder/b.c" -o "$folder/b" && "$folder/b"
  } >/dev/null 2>&1 || status=1
  rm -rf "$folder"
  return "$status"
}

# node_folder: prints the folder of the first Node in PATH, or in Debian's place, that is new enough and has an npm.
node_folder() {
  local folder
  while read -r folder; do
    [[ -x $folder/node && -x $folder/npm ]] || continue
    at_least 18 "$(version_of "$folder/node" --version)" || continue
    at_least 7 "$(PATH=$folder:$PATH version_of "$folder/npm" --version)" || continue
    echo "$folder"
    return
  done < <(tr ':' '\n' <<<"$PATH" && printf '%s\n' /usr/bin /usr/local/bin)
}

# Where an older Node comes first in PATH, this script and what it starts see the right one before it.
use_node() {
  local folder
  folder=$(node_folder)
  [[ $(type -P node) -ef $folder/node && $(type -P npm) -ef $folder/npm ]] && return
  say "Using $folder/node: the node that comes first in PATH is older than 18, or has no npm"
  mkdir -p "$var/bin"
  ln -sf "$folder/node" "$folder/npm" "$var/bin/"
  PATH=$var/bin:$PATH
}

# postgres_bin: prints the folder of the newest PostgreSQL that is new enough and whole, client and server.
postgres_bin() {
  local folder
  while read -r folder; do
    [[ -x $folder/initdb && -x $folder/psql && -x $folder/createdb && -x $folder/pg_isready ]] || continue
    at_least 15 "$(version_of "$folder/postgres" --version)" || continue
    [[ ! -x $folder/pg_config || -e $("$folder/pg_config" --sharedir)/extension/btree_gist.control ]] || continue
    echo "$folder"
    return
  done < <(compgen -G '/usr/lib/postgresql/*/bin' | sort -rV; dirname "$(type -P initdb || echo /nowhere/initdb)")
}

chromium_name() { if all_found chromium; then echo chromium; else echo google-chrome; fi; }

chromium_starts() {
  local folder status=0
  folder=$(mktemp -d)
  timeout 20 "$(chromium_name)" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$folder" \
    --dump-dom about:blank 2>/dev/null | grep -q '<html' || status=1
  rm -rf "$folder"
  return "$status"
}

# major COMMAND: the first part of its version.
major() { version_of "$1" --version | cut -d. -f1; }

need_rust() {
  local lowest have
  lowest=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml | head -n1)
  all_found cargo rustc || fail "no Rust toolchain found: install Rust $lowest or later and start again"
  have=$(version_of rustc --version)
  at_least "$lowest" "$have" || fail "Rust ${have:-that does not run} is too old: install $lowest or later and start again"
}

# need PACKAGE…: installs the Debian packages that are missing, and says which.
need() {
  local package missing=() apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y)
  for package in "$@"; do
    present "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  if ! all_found apt-get; then
    say "These are missing, and there is no apt-get to install them with:"
    for package in "${missing[@]}"; do
      printf '  %s\n' "$(wanted "$package")" >&2
    done
    fail "install them and start again"
  fi
  if ((EUID)); then
    all_found sudo || fail "these are missing; ask an administrator for: apt-get install ${missing[*]}"
    apt=(sudo "${apt[@]}")
  fi
  mkdir -p "$var"
  say "Installing what is missing (a minute or two; details in var/apt.log): ${missing[*]}"
  { "${apt[@]}" update && without_starting_servers "${apt[@]}" install --no-install-recommends "${missing[@]}"; } \
    >"$var/apt.log" || { tail -n 20 "$var/apt.log" >&2 && fail "apt-get could not install ${missing[*]}: see above"; }
  hash -r
  for package in "${missing[@]}"; do
    present "$package" || fail "$package was installed, but what is needed is still not found: $(wanted "$package")"
  done
}

# Debian starts a server when it installs one, and makes PostgreSQL a first cluster on port 5432. Neither is wanted:
# this script starts its own. A policy that is already there is left as it is.
without_starting_servers() {
  local sudo=() policy=/usr/sbin/policy-rc.d clusters=/etc/postgresql-common/createcluster.d status=0 ours=
  ((EUID)) && sudo=(sudo)
  "${sudo[@]}" mkdir -p "$clusters"
  echo 'create_main_cluster = false' | "${sudo[@]}" tee "$clusters/locumbank-dev.conf" >/dev/null
  if [[ ! -e $policy ]]; then
    ours=yes
    printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
    "${sudo[@]}" chmod 755 "$policy"
  fi
  "$@" || status=$?
  "${sudo[@]}" rm -f "$clusters/locumbank-dev.conf" ${ours:+"$policy"}
  return "$status"
}

# Where nothing was compiled yet, compiling needs room; running out of it shows after minutes, and as something else.
need_room() {
  local free
  [[ -d $target/debug/deps ]] && return
  free=$(df --output=avail -k "$root" | tail -n1)
  ((free >= room_kb)) || fail "only $((free / 1024)) MB are free here; a first build needs $((room_kb / 1024))"
}
readonly room_kb=$((4 * 1024 * 1024))
