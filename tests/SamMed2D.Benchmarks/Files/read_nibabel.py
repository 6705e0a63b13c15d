"""Reads the NIfTI file named by each line of standard input with nibabel, voxels as they are stored."""
import sys

import nibabel
import numpy

print("ready", flush=True)
for line in sys.stdin:
    voxels = numpy.asanyarray(nibabel.load(line.strip()).dataobj)
    print(voxels.shape, flush=True)
