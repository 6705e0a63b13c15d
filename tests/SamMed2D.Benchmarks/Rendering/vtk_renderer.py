"""Draws with VTK what the benchmark asks for: a JSON object a line comes in, one goes out, marked with '@'.

Started by VtkProcess.cs under xvfb-run with Debian's python3-vtk9.
"""

import json
import sys
import time

import numpy
import vtk
from vtk.util.numpy_support import numpy_to_vtk, vtk_to_numpy

images = {}
windows = {}


def load(request):
    values = numpy.fromfile(request["path"], dtype=request["type"])
    image = vtk.vtkImageData()
    image.SetDimensions(*request["size"])
    image.SetSpacing(*request["spacing"])
    image.SetOrigin(*request["origin"])
    image.GetPointData().SetScalars(numpy_to_vtk(values, deep=True))
    images[request["name"]] = image
    return {}


def scene(request):
    """A window with one volume in it; 'mapper' is gpu or cpu."""
    mapper = vtk.vtkOpenGLGPUVolumeRayCastMapper() if request["mapper"] == "gpu" else vtk.vtkFixedPointVolumeRayCastMapper()
    mapper.SetInputData(images[request["volume"]])
    # The same rays and steps as the other side: nothing coarser, whatever the time.
    mapper.SetAutoAdjustSampleDistances(False)
    mapper.SetSampleDistance(request["step"])
    if request["mapper"] == "cpu":
        mapper.SetImageSampleDistance(1)
        mapper.SetMinimumImageSampleDistance(1)
        mapper.SetMaximumImageSampleDistance(1)
        mapper.SetInteractiveSampleDistance(request["step"])
    if request["isMaximum"]:
        mapper.SetBlendModeToMaximumIntensity()
    color, opacity = vtk.vtkColorTransferFunction(), vtk.vtkPiecewiseFunction()
    for value, alpha, red, green, blue in request["points"]:
        color.AddRGBPoint(value, red, green, blue)
        opacity.AddPoint(value, alpha)
    look = vtk.vtkVolumeProperty()
    look.SetColor(color)
    look.SetScalarOpacity(opacity)
    look.SetScalarOpacityUnitDistance(1)
    look.SetInterpolationTypeToLinear()
    if request["light"]:
        look.ShadeOn()
        ambient, diffuse, specular, power = request["light"]
        look.SetAmbient(ambient)
        look.SetDiffuse(diffuse)
        look.SetSpecular(specular)
        look.SetSpecularPower(power)
    volume = vtk.vtkVolume()
    volume.SetMapper(mapper)
    volume.SetProperty(look)
    renderer = vtk.vtkRenderer()
    renderer.SetBackground(0, 0, 0)
    renderer.AddVolume(volume)
    # VTK's own head light has a black ambient colour, which the CPU mapper multiplies the material's ambient part with: it would be lost.
    light = vtk.vtkLight()
    light.SetLightTypeToHeadlight()
    light.SetAmbientColor(1, 1, 1)
    renderer.AddLight(light)
    window = vtk.vtkRenderWindow()
    window.SetOffScreenRendering(1)
    window.SetMultiSamples(0)
    window.SetSize(request["pixels"], request["pixels"])
    window.AddRenderer(renderer)
    windows[request["name"]] = (window, renderer, mapper)
    return {}


def close(request):
    window, renderer, mapper = windows.pop(request["name"])
    window.Finalize()
    return {}


def frame(request):
    window, renderer, mapper = windows[request["name"]]
    camera = renderer.GetActiveCamera()
    camera.SetPosition(*request["position"])
    camera.SetFocalPoint(*request["target"])
    camera.SetViewUp(*request["up"])
    camera.SetViewAngle(request["angle"])
    renderer.ResetCameraClippingRange()
    width, height = window.GetSize()
    pixels = vtk.vtkUnsignedCharArray()
    started = time.perf_counter()
    window.Render()
    # Reading back makes sure that it is done.
    window.GetPixelData(0, 0, width - 1, height - 1, 0, pixels, 0)
    elapsed = (time.perf_counter() - started) * 1000
    if "save" in request:
        vtk_to_numpy(pixels).reshape(height, width, 3)[::-1].tofile(request["save"])
    return {"ms": elapsed}


def discrete(image, labels):
    edges = vtk.vtkDiscreteFlyingEdges3D()
    edges.SetInputData(image)
    edges.SetNumberOfContours(len(labels))
    for n, label in enumerate(labels):
        edges.SetValue(n, label)
    return edges


def surfaces(request):
    """Discrete flying edges of all labels at once, then windowed sinc; each timed."""
    edges = discrete(images[request["volume"]], request["labels"])
    started = time.perf_counter()
    edges.Update()
    between = time.perf_counter()
    sinc = vtk.vtkWindowedSincPolyDataFilter()
    sinc.SetInputConnection(edges.GetOutputPort())
    sinc.SetNumberOfIterations(15)
    sinc.SetPassBand(0.1)
    sinc.BoundarySmoothingOff()
    sinc.FeatureEdgeSmoothingOff()
    sinc.NonManifoldSmoothingOn()
    sinc.NormalizeCoordinatesOn()
    sinc.Update()
    return {"edgesMs": (between - started) * 1000, "sincMs": (time.perf_counter() - between) * 1000, "triangles": sinc.GetOutput().GetNumberOfCells()}


def farthest(points, surface):
    """The largest distance of points from a surface."""
    locator = vtk.vtkStaticCellLocator()
    locator.SetDataSet(surface)
    locator.BuildLocator()
    closest, cell, sub, square = [0.0] * 3, vtk.reference(0), vtk.reference(0), vtk.reference(0.0)
    largest = 0.0
    for point in points:
        locator.FindClosestPoint(point, closest, cell, sub, square)
        largest = max(largest, square.get())
    return largest ** 0.5


def compare(request):
    """Hausdorff distance of a PLY file from the unsmoothed discrete flying edges of its label, and what VTK thinks of the file."""
    reader = vtk.vtkPLYReader()
    reader.SetFileName(request["path"])
    reader.Update()
    ours = reader.GetOutput()
    # A border of background, so that VTK too closes what touches the edge of the grid.
    image = images[request["volume"]]
    low, high = image.GetExtent()[0::2], image.GetExtent()[1::2]
    padded = vtk.vtkImageConstantPad()
    padded.SetInputData(image)
    padded.SetOutputWholeExtent(*(value for pair in zip((n - 1 for n in low), (n + 1 for n in high)) for value in pair))
    padded.SetConstant(0)
    padded.Update()
    edges = discrete(padded.GetOutput(), [request["label"]])
    edges.Update()
    theirs = edges.GetOutput()
    open_edges = vtk.vtkFeatureEdges()
    open_edges.SetInputData(ours)
    open_edges.FeatureEdgesOff()
    open_edges.ManifoldEdgesOff()
    open_edges.BoundaryEdgesOn()
    open_edges.NonManifoldEdgesOn()
    open_edges.Update()
    mass = vtk.vtkMassProperties()
    mass.SetInputData(ours)
    return {
        "oursToTheirs": farthest(vtk_to_numpy(ours.GetPoints().GetData()), theirs),
        "theirsToOurs": farthest(vtk_to_numpy(theirs.GetPoints().GetData()), ours),
        "openOrNonManifoldEdges": open_edges.GetOutput().GetNumberOfCells(),
        "volume": mass.GetVolume(),
    }


def main():
    operations = {"load": load, "scene": scene, "close": close, "frame": frame, "surfaces": surfaces, "compare": compare}
    print("@" + json.dumps({"version": vtk.vtkVersion().GetVTKVersion()}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print("@" + json.dumps(operations[request["op"]](request)), flush=True)


main()
