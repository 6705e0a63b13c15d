#!/usr/bin/env bash
# Takes the README's pictures of the viewer anew, without a display. usage: src/SamMed2D.Viewer/Tour/pictures.sh
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -- "$here/../../.." && pwd)
# Each session has settings and journals of its own, so that no question about earlier work gets into its picture.
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
for session in prompt liver surface; do
  XDG_CONFIG_HOME=$state/$session XDG_STATE_HOME=$state/$session "$root/sammed2d" view "$root/sample-volumes/abdomen-ct.nii.gz" \
    --offscreen --size 1024x700 --script "$here/$session.json" --screenshot "$here/$session.png"
done
