#!/usr/bin/env bash
# What the tests need beside Python: Chromium for the browser tests, Go with its sum-database packages as the judge of
# the log. Installs Debian's when it may (root and apt), else says how.
set -u
need=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || [ -n "${CHROMIUM:-}" ] || need+=(chromium)
command -v go >/dev/null || need+=(golang-go)
[ -d /usr/share/gocode/src/golang.org/x/mod/sumdb ] || need+=(golang-golang-x-mod-dev)
fc-list 2>/dev/null | grep -qi 'wenquanyi\|noto sans cjk' || need+=(fonts-wqy-zenhei)
[ ${#need[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing what the tests need: ${need[*]}"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get -qq update && apt-get -qq install -y --no-install-recommends "${need[@]}"; } >/dev/null && exit 0
  echo "apt-get could not install: ${need[*]}"
  exit 1
fi
echo "The tests need these Debian packages: ${need[*]}"
echo "Install them: sudo apt-get install --no-install-recommends ${need[*]}"
echo "(Another Chromium can be named: CHROMIUM=/path/to/chromium make test)"
exit 1
