#!/usr/bin/env bash
# Gives the base images of the Dockerfiles the digests that their registries have for them. Needs docker buildx and the registries.
# With --check it changes nothing, and fails naming each image without one: a step of a release.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
source "$root/scripts/common.sh"
case ${1:-} in '' | --check) ;; *) die 64 "scripts/pin-images.sh: unknown argument '$1': it takes --check or none." ;; esac

cd -- "$root"
readonly FILES=(deploy/api.Dockerfile deploy/migrations.Dockerfile deploy/nginx/Dockerfile services/baileys/Dockerfile)
unpinned() { sed -n -e 's/^ARG [A-Z]*_IMAGE=\([^@]*\)$/\1/p' -e 's/^FROM \([^@$ ]*:[^@ ]*\)\( AS .*\)*$/\1/p' "${FILES[@]}" | sort -u; }

images=$(unpinned)
if [ "${1:-}" = --check ]; then
  [ -z "$images" ] || die 78 "Images without a digest: $(paste -sd ' ' - <<<"$images"). Give them theirs: scripts/pin-images.sh"
  exit 0
fi
for image in $images; do
  digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$image") || die 69 "The digest of $image could not be asked for: see above."
  [[ $digest =~ ^sha256:[a-f0-9]{64}$ ]] || die 70 "The digest of $image is not one."
  sed -i -e "s|\\(_IMAGE=$image\\)\$|\\1@$digest|" -e "s|^\\(FROM $image\\)\\( AS .*\\)*\$|\\1@$digest\\2|" "${FILES[@]}"
  say "$image@$digest"
done
