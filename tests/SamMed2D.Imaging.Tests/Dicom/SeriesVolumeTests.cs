using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Dicom;

namespace SamMed2D.Imaging.Tests.Dicom;

/// <summary>Hand-made series: what the slices say, and what must come out, in closed form.</summary>
public class SeriesVolumeTests
{
    [Fact]
    public void Read_NamesAndNumbersOutOfOrder_SortsByPosition()
    {
        using TemporaryFolder folder = new();
        folder.WriteSlices(SyntheticSlice.AtHeights(6, 2, 8, 4));
        Volume volume = DicomVolumeReader.Read(folder.Path);
        Assert.Equal([20, 40, 60, 80], Profile(volume));
        Assert.Equal(new RasPoint(0, 0, 2), volume.Geometry.IndexToRas.Origin);
        Assert.Equal(new RasVector(-1, 0, 0), volume.Geometry.IndexToRas.StepI);
        Assert.Equal(new RasVector(0, -1, 0), volume.Geometry.IndexToRas.StepJ);
        Assert.Equal(new RasVector(0, 0, 2), volume.Geometry.IndexToRas.StepK);
        Assert.Equal(("DICOM", "MR", 1), (volume.Info.Format, volume.Info.Modality, volume.Info.FrameCount));
        Assert.Empty(volume.Info.Notes);
    }

    [Fact]
    public void Read_TwelveBitsWithRubbishAbove_KeepsTheNumberAndItsSign()
    {
        using TemporaryFolder folder = new();
        // 0xABC is 2748, or -1348 in twelve bits of two's complement; bits 12 to 15 hold an overlay.
        ushort[] pixels = [.. Enumerable.Repeat((ushort)0xFABC, 12)];
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 1).Select(slice => slice with { BitsStored = 12, Pixels = pixels, Series = "u" }), "u");
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 1).Select(slice => slice with { BitsStored = 12, Pixels = pixels, Series = "s", SeriesNumber = 2, IsSigned = true }), "s");
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 1).Select(slice => slice with { BitsStored = 12, HighBit = 13, Pixels = pixels, Series = "h", SeriesNumber = 3 }), "h");
        Assert.Equal([2748, 2748], Profile(DicomVolumeReader.Read(folder.Path, new() { Series = "1" })));
        Volume signed = DicomVolumeReader.Read(folder.Path, new() { Series = "2" });
        Assert.Equal([-1348, -1348], Profile(signed));
        Assert.Equal(VoxelType.Int16, signed.VoxelType);
        Assert.Equal([(0xFABC >> 2) & 0xFFF, (0xFABC >> 2) & 0xFFF], Profile(DicomVolumeReader.Read(folder.Path, new() { Series = "3" })));
    }

    [Fact]
    public void Read_OneRescale_KeepsStoredNumbersAndCarriesTheScale()
    {
        using TemporaryFolder folder = new();
        folder.WriteSlices(SyntheticSlice.AtHeights(100, 101).Select(slice => slice with { Slope = 2, Intercept = -1024 }));
        Volume volume = DicomVolumeReader.Read(folder.Path);
        Assert.Equal((VoxelType.UInt16, new IntensityScale(2, -1024)), (volume.VoxelType, volume.Scale));
        Assert.Equal([976, 996], Profile(volume));
    }

    [Fact]
    public void Read_RescalePerSlice_GivesIntensitiesInFloat()
    {
        using TemporaryFolder folder = new();
        folder.WriteSlices(SyntheticSlice.AtHeights(1, 2, 3).Select((slice, n) => slice with { Slope = 0.5 * (n + 1), Intercept = n }));
        Volume volume = DicomVolumeReader.Read(folder.Path);
        Assert.Equal(VoxelType.Float32, volume.VoxelType);
        Assert.Equal([5, 21, 47], Profile(volume));
    }

    [Fact]
    public void Read_Monochrome1_TurnsGreyRoundButNotHounsfieldUnits()
    {
        using TemporaryFolder folder = new();
        folder.WriteSlices(SyntheticSlice.AtHeights(1, 2).Select(slice => slice with { Photometric = "MONOCHROME1", BitsStored = 12 }), "m");
        folder.WriteSlices(SyntheticSlice.AtHeights(1, 2).Select(slice => slice with { Photometric = "MONOCHROME1", IsSigned = true, Series = "s", SeriesNumber = 2 }), "s");
        folder.WriteSlices(SyntheticSlice.AtHeights(1, 2).Select(slice => slice with { Photometric = "MONOCHROME1", Modality = "CT", Series = "c", SeriesNumber = 3 }), "c");
        Volume grey = DicomVolumeReader.Read(folder.Path, new() { Series = "1" });
        Assert.Equal([4085, 4075], Profile(grey));
        Assert.Contains("MONOCHROME1", Assert.Single(grey.Info.Notes));
        Assert.Equal([-11, -21], Profile(DicomVolumeReader.Read(folder.Path, new() { Series = "2" })));
        Assert.Equal([10, 20], Profile(DicomVolumeReader.Read(folder.Path, new() { Series = "3" })));
    }

    [Fact]
    public void Read_PaddingBrighterThanTheScan_BecomesTheDarkestNumber()
    {
        using TemporaryFolder folder = new();
        ushort[] pixels = [65535, 65535, 7, 9, 7, 7, 7, 7, 7, 7, 7, 7];
        folder.WriteSlices(SyntheticSlice.AtHeights(1, 2).Select(slice => slice with { Pixels = pixels, Extra = e => e.UInt16(DicomTags.PixelPaddingValue, 65535) }));
        Volume volume = DicomVolumeReader.Read(folder.Path);
        Assert.Equal(7, volume.GetIntensity(new VoxelIndex(0, 0, 0)));
        Assert.Equal(9, volume.GetIntensity(new VoxelIndex(3, 0, 1)));
        Assert.Contains("4 padding", Assert.Single(volume.Info.Notes));
    }

    [Fact]
    public void Read_MissingSlices_FillsTheGapAndNamesIt()
    {
        using TemporaryFolder folder = new();
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 2, 4, 10, 12, 14));
        Volume volume = DicomVolumeReader.Read(folder.Path);
        Assert.Equal([0, 20, 40, 60, 80, 100, 120, 140], Profile(volume));
        string note = Assert.Single(volume.Info.Notes);
        Assert.Contains("2 between 4 and 10 mm", note);
    }

    [Fact]
    public void Read_UnevenSteps_ResamplesAndSaysSo()
    {
        using TemporaryFolder folder = new();
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 4, 8, 15, 22));
        Volume volume = DicomVolumeReader.Read(folder.Path);
        Assert.Equal(4, volume.Geometry.SpacingMm(SliceAxis.K), 9);
        Assert.Equal([0, 40, 80, 120, 160, 200, 220], Profile(volume).Select((value, n) => n < 6 ? value : Math.Min(value, 220)));
        Assert.Contains("unevenly", Assert.Single(volume.Info.Notes));
    }

    [Fact]
    public void Read_TiltedGantry_IsUprightAndTrueToARampInSpace()
    {
        using TemporaryFolder folder = new();
        const int size = 24;
        double angle = 15 * Math.PI / 180, c = Math.Cos(angle), s = Math.Sin(angle);
        // Rows run down and back; the table moves along S, not along the normal.
        SyntheticSlice[] slices = [.. Enumerable.Range(0, 12).Select(k =>
        {
            double[] position = [-10, -20, 3.0 * k];
            ushort[] pixels = new ushort[size * size];
            for (int row = 0; row < size; row++)
                for (int column = 0; column < size; column++)
                    pixels[row * size + column] = (ushort)Math.Round(Ramp(position[0] + column, position[1] + row * c, position[2] - row * s));
            return new SyntheticSlice { Position = position, Orientation = [1, 0, 0, 0, c, -s], Columns = size, Rows = size, Pixels = pixels, InstanceNumber = k };
        })];
        folder.WriteSlices(slices);
        Volume volume = DicomVolumeReader.Read(folder.Path);
        Assert.False(volume.Geometry.IsSheared);
        Assert.Contains("tilted by 15", Assert.Single(volume.Info.Notes));
        int checkedVoxels = 0;
        for (int k = 0; k < volume.Geometry.SizeK; k++)
            for (int j = 10; j < size; j++)
            {
                VoxelIndex index = new(12, j, k);
                LpsPoint place = volume.Geometry.IndexToRas.IndexToRas(index.ToContinuous()).ToLps();
                // Only what lies inside all the slices' common part is scan; the rest is background.
                if (place.P < -20 + 9 || place.P > -20 + 14) continue;
                Assert.Equal(Ramp(place.L, place.P, place.S), volume.GetIntensity(index), 1.01);
                checkedVoxels++;
            }
        Assert.True(checkedVoxels > 30);

        static double Ramp(double l, double p, double h) => 1000 + 7 * l + 11 * p + 13 * h;
    }

    [Fact]
    public void Read_ObliqueStack_KeepsTheAffineOfItsPositions()
    {
        using TemporaryFolder folder = new();
        double c = Math.Cos(0.3), s = Math.Sin(0.3);
        // Row direction (c, s, 0), column direction (0, 0, -1): normal (-s, c, 0).
        folder.WriteSlices(Enumerable.Range(0, 5).Select(k => new SyntheticSlice { Position = [5 - 2.5 * k * s, 6 + 2.5 * k * c, 7], Orientation = [c, s, 0, 0, 0, -1], Spacing = [0.8, 0.6], InstanceNumber = 9 - k }));
        Affine affine = DicomVolumeReader.Read(folder.Path).Geometry.IndexToRas;
        AssertClose(new RasVector(-0.6 * c, -0.6 * s, 0), affine.StepI);
        AssertClose(new RasVector(0, 0, -0.8), affine.StepJ);
        AssertClose(new RasVector(2.5 * s, -2.5 * c, 0), affine.StepK);
        AssertClose(new RasVector(-5, -6, 7), new RasVector(affine.Origin.R, affine.Origin.A, affine.Origin.S));
    }

    [Fact]
    public void Read_CopiesAndDuplicates_LeavesThemOut()
    {
        using TemporaryFolder folder = new();
        SyntheticSlice[] slices = SyntheticSlice.AtHeights(0, 1, 2);
        folder.WriteSlices(slices);
        folder.WriteSlices([slices[1]], "copy");
        folder.WriteSlices([slices[2] with { InstanceNumber = 77, Pixels = new ushort[12] }], "second");
        Volume volume = DicomVolumeReader.Read(folder.Path);
        Assert.Equal([0, 10, 20], Profile(volume));
        Assert.Equal(2, volume.Info.Notes.Count);
    }

    [Theory]
    [InlineData("acquisition number"), InlineData("temporal position"), InlineData("trigger time"), InlineData("echo time"), InlineData("instance number")]
    public void Read_RepeatedPositions_GivesPhasesInOrder(string rule)
    {
        using TemporaryFolder folder = new();
        List<SyntheticSlice> slices = [];
        for (int phase = 0; phase < 3; phase++)
            for (int k = 0; k < 4; k++)
            {
                int order = phase;
                slices.Add(new SyntheticSlice
                {
                    Position = [0, 0, 2 * k],
                    // Counted against the phases, so that only the key itself, not the number, can order them.
                    InstanceNumber = rule == "instance number" ? phase * 4 + k : 100 - phase * 4 - k,
                    Pixels = [.. Enumerable.Repeat((ushort)(100 * phase + k), 12)],
                    Extra = e => _ = rule switch
                    {
                        "acquisition number" => e.Integer(DicomTags.AcquisitionNumber, 5 + order),
                        "temporal position" => e.Integer(DicomTags.TemporalPositionIdentifier, 1 + order),
                        "trigger time" => e.Decimals(DicomTags.TriggerTime, 10.5 * order),
                        "echo time" => e.Decimals(DicomTags.EchoTime, 4.6 + order),
                        _ => e,
                    },
                });
            }
        folder.WriteSlices(slices);
        AmbiguousInputException unchosen = Assert.Throws<AmbiguousInputException>(() => DicomVolumeReader.Read(folder.Path));
        Assert.Contains("3 phases", unchosen.Message);
        Assert.Contains(rule, unchosen.Message);
        Assert.Throws<AmbiguousInputException>(() => DicomVolumeReader.Read(folder.Path, new() { Frame = 3 }));
        for (int phase = 0; phase < 3; phase++)
        {
            Volume volume = DicomVolumeReader.Read(folder.Path, new() { Frame = phase });
            Assert.Equal([100.0 * phase, 100 * phase + 1, 100 * phase + 2, 100 * phase + 3], Profile(volume));
            Assert.Equal((phase, 3), (volume.Info.Frame, volume.Info.FrameCount));
        }
    }

    // Acquisition 1 reaches over the first heights, acquisition 2 over the second: slices taken again, and two halves that overlap.
    [Theory]
    [InlineData(new[] { 0, 1, 2, 3, 4 }, new[] { 2 })]
    [InlineData(new[] { 0, 1, 2, 3, 4 }, new[] { 2, 3 })]
    [InlineData(new[] { 0, 1, 2, 3 }, new[] { 3, 4 })]
    public void Read_AcquisitionsThatAreNoPhases_GiveOneVolume(int[] first, int[] second)
    {
        using TemporaryFolder folder = new();
        List<SyntheticSlice> slices = [];
        foreach ((int[] heights, int acquisition) in ((int[], int)[])[(first, 1), (second, 2)])
            foreach (int height in heights)
                slices.Add(new SyntheticSlice
                {
                    Position = [0, 0, height],
                    InstanceNumber = 10 * acquisition + height,
                    Pixels = [.. Enumerable.Repeat((ushort)(10 * height + acquisition), 12)],
                    Extra = e => e.Integer(DicomTags.AcquisitionNumber, acquisition),
                });
        folder.WriteSlices(slices);
        Volume volume = DicomVolumeReader.Read(folder.Path);
        Assert.Equal(Enumerable.Range(0, 5).Select(height => 10.0 * height + (first.Contains(height) ? 1 : 2)), Profile(volume));
        Assert.Contains("left out", Assert.Single(volume.Info.Notes));
    }

    [Fact]
    public void Read_CutOffSlice_NamesTheFile()
    {
        using TemporaryFolder folder = new();
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 1, 2));
        byte[] whole = File.ReadAllBytes(folder.File("f001"));
        folder.Write("f001", whole[..^5]);
        InvalidFileException failure = Assert.Throws<InvalidFileException>(() => DicomVolumeReader.Read(folder.Path));
        Assert.Equal(folder.File("f001"), failure.Path);
    }

    [Fact]
    public void Read_Cancelled_Stops()
    {
        using TemporaryFolder folder = new();
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 1, 2));
        Assert.Throws<OperationCanceledException>(() => DicomVolumeReader.Read(folder.Path, cancellation: new CancellationToken(true)));
    }

    /// <summary>The intensity of one pixel in the middle of each slice.</summary>
    internal static double[] Profile(Volume volume) => [.. Enumerable.Range(0, volume.Geometry.SizeK).Select(k => volume.GetIntensity(new VoxelIndex(1, 1, k)))];

    private static void AssertClose(RasVector expected, RasVector actual) => Assert.True((expected - actual).Length < 1e-9, $"{actual} is not {expected}");
}
