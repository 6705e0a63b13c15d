#!/usr/bin/env bash
# Measures the bundled model and fits its confidences anew, and writes every table and plot of EVALUATION.md, CALIBRATION.md and PROPAGATION.md and the figures of
# MODEL-CARD.md anew. About ten minutes on two cores.
# usage: src/SamMed2D.Inference/Bundled/compact/evaluate.sh [further options of evaluate-volumes and evaluate-2d, such as --model FOLDER]
# SAMMED2D names another program than the checkout's own; the folder `shared` lies beside the checkout.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -- "$here/../../../.." && pwd)
program=${SAMMED2D:-$root/sammed2d}
pictures=$root/../shared/data/slices-2d
[ -d "$pictures" ] || { echo "error: $pictures is missing; the evaluation scans come from the folder 'shared' beside the checkout" >&2; exit 3; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The confidences come first, since the volumes' propagation stops by them; they are those of the bundled model.
"$program" calibrate "$here/training.csv" "$here/evaluation.csv" --most 6 -o "$here" -q "$@"
"$program" evaluate-propagation "$here/training.csv" --most 3 -o "$work/propagation.md" "$@"
{ sed '/<!-- table -->/q' "$here/PROPAGATION.md"; echo; cat "$work/propagation.md"; } > "$work/PROPAGATION.md"
"$program" evaluate-2d "$pictures" "$here/evaluation.csv" --modality ct --goals -o "$work/pictures.md" --plot "$work/evaluation-prompts.png" "$@"
"$program" evaluate-volumes "$here/evaluation.csv" -o "$work/volumes.md" --plot "$work/evaluation-distance.png" "$@"

# What stands above the mark is written by hand and stays.
sed '/<!-- tables -->/q' "$here/EVALUATION.md" > "$work/EVALUATION.md"
{
  echo; cat "$work/volumes.md"
  echo; echo '![Dice of slices by their distance from the nearest key slice](evaluation-distance.png)'
  echo; cat "$work/pictures.md"
  echo; echo '![Mean Dice by prompt](evaluation-prompts.png)'
} >> "$work/EVALUATION.md"

figures() { # the goals of the 2D test, and the means of the volume test
  echo; sed -n '/^| model | goal /,/^$/p' "$work/pictures.md" | sed '$d'
  echo; sed -n '/^| method | is told /,/^$/p' "$work/volumes.md" | sed '$d' | cut -d'|' -f1-5 | sed 's/$/|/'
  echo
}
{ sed '/<!-- figures -->/q' "$here/MODEL-CARD.md"; figures; sed -n '/<!-- end of figures -->/,$p' "$here/MODEL-CARD.md"; } > "$work/MODEL-CARD.md"
cp "$work/EVALUATION.md" "$work/MODEL-CARD.md" "$work/PROPAGATION.md" "$work"/*.png "$here/"
