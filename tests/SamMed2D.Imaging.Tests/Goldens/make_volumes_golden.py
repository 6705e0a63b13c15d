"""Writes volumes.json: what nibabel and plain NumPy make of every volume under ../shared/data.

Run from the repository root, with Debian's python3-nibabel:
    /usr/bin/python3 tests/SamMed2D.Imaging.Tests/Goldens/make_volumes_golden.py

For each NIfTI file and frame: shape, stored type, affine, and the SHA-256 of the scaled voxels as little-endian float64, the first
index fastest. NRRD and MetaImage files are read here by a few lines of NumPy that share nothing with the product or ITK.
"""
import glob
import gzip
import hashlib
import json
import os
import zlib

import nibabel
import numpy as np

DATA = "../shared/data"


def digest(array):
    data = np.asfortranarray(np.asarray(array, dtype="<f8")).tobytes(order="F")
    return hashlib.sha256(data).hexdigest()


def entry(path, array, affine, dtype):
    array = array.reshape(array.shape[:3] + (-1,), order="F")
    frames = sorted({0, array.shape[3] // 2, array.shape[3] - 1})
    return {
        "path": os.path.relpath(path, DATA),
        "shape": list(array.shape),
        "type": str(np.dtype(dtype).newbyteorder("=")),
        "affine": [[float(v) for v in row] for row in np.asarray(affine)[:3]],
        "orientation": "".join(nibabel.aff2axcodes(affine)),
        "frames": {str(f): digest(array[..., f]) for f in frames},
        "minimum": float(np.min(array[..., 0][np.isfinite(array[..., 0])])),
        "maximum": float(np.max(array[..., 0][np.isfinite(array[..., 0])])),
        "nonFinite": int(np.sum(~np.isfinite(array[..., 0]))),
    }


def read_nifti(path):
    image = nibabel.load(path)
    scaled = np.asanyarray(image.dataobj, dtype=np.float64)
    return entry(path, scaled, image.affine, image.get_data_dtype())


def lps_to_ras(directions, origin):
    affine = np.eye(4)
    affine[:3, :3] = np.array(directions).T  # one column an axis
    affine[:3, 3] = origin
    return np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine


NRRD_TYPES = {"unsigned char": "u1", "short": "i2", "unsigned short": "u2", "int": "i4", "float": "f4", "double": "f8"}
META_TYPES = {"MET_UCHAR": "u1", "MET_SHORT": "i2", "MET_USHORT": "u2", "MET_INT": "i4", "MET_FLOAT": "f4"}


def read_nrrd(path):
    raw = open(path, "rb").read()
    head, data = raw.split(b"\n\n", 1)
    fields = dict(line.split(": ", 1) for line in head.decode().splitlines() if ": " in line and not line.startswith("#"))
    assert fields["space"] == "left-posterior-superior" and fields["encoding"] == "gzip", path
    shape = [int(s) for s in fields["sizes"].split()]
    dtype = np.dtype("<" + NRRD_TYPES[fields["type"]])
    vectors = [[float(v) for v in part.strip("()").split(",")] for part in fields["space directions"].split()]
    origin = [float(v) for v in fields["space origin"].strip("()").split(",")]
    array = np.frombuffer(gzip.decompress(data), dtype=dtype)[: int(np.prod(shape))].reshape(shape, order="F")
    return entry(path, array.astype("f8"), lps_to_ras(vectors, origin), dtype)


def read_meta(path):
    raw = open(path, "rb").read()
    at = raw.index(b"ElementDataFile")
    end = raw.find(b"\n", at)
    end = len(raw) if end < 0 else end
    fields = dict((p.strip() for p in line.split("=", 1)) for line in raw[:end].decode().splitlines())
    data = raw[end + 1:] if fields["ElementDataFile"] == "LOCAL" else open(os.path.join(os.path.dirname(path), fields["ElementDataFile"]), "rb").read()
    if fields.get("CompressedData") == "True":
        data = zlib.decompress(data)
    shape = [int(s) for s in fields["DimSize"].split()]
    dtype = np.dtype("<" + META_TYPES[fields["ElementType"]])
    spacing = [float(v) for v in fields["ElementSpacing"].split()]
    matrix = np.array([float(v) for v in fields.get("TransformMatrix", "1 0 0 0 1 0 0 0 1").split()]).reshape(3, 3)
    vectors = [matrix[n] * spacing[n] for n in range(3)]  # a row of TransformMatrix is the direction of one axis
    origin = [float(v) for v in fields.get("Offset", "0 0 0").split()]
    array = np.frombuffer(data, dtype=dtype)[: int(np.prod(shape))].reshape(shape, order="F")
    return entry(path, array.astype("f8"), lps_to_ras(vectors, origin), dtype)


def main():
    entries = []
    for pattern, read in (
        ("volumes/*.nii.gz", read_nifti), ("volumes/*.nii", read_nifti), ("volumes/ras.hdr", read_nifti),
        ("labelled/*/*.nii.gz", read_nifti), ("volumes/*.nrrd", read_nrrd), ("labelled/*/*.nrrd", read_nrrd),
        ("volumes/*.mha", read_meta), ("volumes/*.mhd", read_meta),
    ):
        for path in sorted(glob.glob(os.path.join(DATA, pattern))):
            entries.append(read(path))
    target = os.path.join(os.path.dirname(__file__), "volumes.json")
    with open(target, "w", encoding="utf-8") as out:
        out.write("[\n" + ",\n".join(json.dumps(e) for e in entries) + "\n]\n")
    print(len(entries), "volumes")


main()
