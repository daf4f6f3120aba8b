# Shared by ./scdn and ./test: finds or installs what they need and builds the solution. Sourced, not run.
# Expects $root; speaks on standard error only.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=1

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$*"; exit 1; }

# The programs are started through their own launchers, which look for the runtime here.
find_dotnet() {
  local dotnet
  dotnet=$(command -v dotnet) || die "the .NET SDK 10.0 is missing: install it (https://dot.net/download, or 'apt-get install dotnet-sdk-10.0') and try again."
  if [ -z "${DOTNET_ROOT:-}" ]; then
    dotnet=$(readlink -f "$dotnet")
    export DOTNET_ROOT=${dotnet%/*}
  fi
}

check_sdk() {
  local found
  found=$(cd "$root" && dotnet --version 2>/dev/null) && return
  found=$(dotnet --list-sdks 2>/dev/null | sed 's/ .*//' | paste -sd ' ' -)
  die "the .NET SDK 10.0 is missing (found: ${found:-only a runtime}): install it (https://dot.net/download, or 'apt-get install dotnet-sdk-10.0') and try again."
}

has_ffmpeg() { command -v ffmpeg >/dev/null && command -v ffprobe >/dev/null; }
install_ffmpeg() { has_ffmpeg || install FFmpeg ffmpeg "'ffmpeg' and 'ffprobe'"; }

# Debian keeps the server's programs out of the PATH.
has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }
install_postgres() { has_postgres || install PostgreSQL postgresql "'postgres' and 'initdb'"; }

has_curl() { command -v curl >/dev/null; }
install_curl() { has_curl || install curl curl "'curl'"; }

has_faketime() { compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null; }
install_faketime() { has_faketime || install libfaketime libfaketime "'libfaketimeMT.so.1'"; }

# install NAME PACKAGE PROGRAMS: returns 1, after one sentence, where it can't be installed from here.
install() {
  local name=$1 package=$2 programs=$3 as_root=() log
  if ! command -v apt-get >/dev/null; then
    say "$name is missing: install the package that holds $programs with this system's package manager."
    return 1
  fi
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      as_root=(sudo -n)
    else
      say "$name is missing: type 'sudo apt-get install $package'."
      return 1
    fi
  fi
  say "installing $name …"
  log=$(mktemp)
  apt_install() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$package"; }
  if apt_install </dev/null >"$log" 2>&1 || { "${as_root[@]}" apt-get update </dev/null >>"$log" 2>&1 && apt_install </dev/null >>"$log" 2>&1; }; then
    rm -f "$log"
    return 0
  fi
  say "$name could not be installed ($(grep -m1 '^E:' "$log" || echo "apt-get failed")): type 'apt-get install $package' as root."
  rm -f "$log"
  return 1
}

# outdated STAMP PATH…: whether a file or folder below the paths is newer than the stamp, or there is none.
outdated() {
  local stamp=$1
  shift
  [ -f "$stamp" ] || return 0
  [ -n "$(find "$@" \( -name bin -o -name obj -o -name TestResults \) -prune -o -newer "$stamp" ! -name '*.md' ! -name '.*' -print -quit)" ]
}

# end_compiler SERVER: ends the compiler server of that name.
end_compiler() {
  local compiler
  compiler=$DOTNET_ROOT/sdk/$(cd "$root" && dotnet --version)/Roslyn/bincore/VBCSCompiler.dll
  dotnet exec "$compiler" "-pipename:$1" -shutdown </dev/null >/dev/null 2>&1 || true
}

# build_once STAMP SOLUTION MESSAGE PATH…: builds unless the stamp says that it is done; of two that come at once, one builds.
build_once() {
  local stamp=$1 solution=$2 message=$3 lock log server=scdn-$$ code=0
  shift 3
  outdated "$stamp" "$@" || return 0
  mkdir -p "$root/artifacts"
  exec {lock}>"$root/artifacts/.lock"
  flock "$lock"
  if outdated "$stamp" "$@"; then
    check_sdk
    say "$message"
    log=$(mktemp)
    touch "$stamp.new"
    # All projects are compiled by one server, which need not warm up for each, and which ends with the build: nothing that holds the lock is left behind.
    (cd "$root" && exec dotnet build "$solution" -c Release -v q --nodereuse:false -p:UseSharedCompilation=true -p:SharedCompilationId="$server") </dev/null >"$log" 2>&1 {lock}>&- || code=$?
    end_compiler "$server"
    if [ "$code" != 0 ]; then
      { grep -E ': error ' "$log" | sort -u || true; } | grep . >&2 || tail -n 30 "$log" >&2
      rm -f "$log" "$stamp.new"
      die "the build failed."
    fi
    rm -f "$log"
    mv "$stamp.new" "$stamp"
  fi
  exec {lock}>&-
}
