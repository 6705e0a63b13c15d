using SamMed2D.Core.Errors;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Runs;

namespace SamMed2D.Segmentation.Tests.Runs;

public class ContinuationTests
{
    private const string BoxOn12 = """{"box":[[2,6,12],[7,18,12]]}""";

    [Fact]
    public void Run_AnyCorrections_ChangeOnlyTheSpansToTheNextLockedSlices() =>
        Gen.Select(Gen.Int[0, 1000], Gen.Int[1, 22].Array[1, 3], Gen.Int[0, 23].Array[0, 4], Gen.Int[0, 3]).Sample((seed, corrected, accepted, kind) =>
        {
            corrected = [.. corrected.Distinct()];
            accepted = [.. accepted.Except(corrected).Distinct()];
            ContinuedScan scan = new(seed);
            SegmentationResult first = scan.First();
            LabelMap before = new(first.Labels.Geometry, first.Labels.Labels.ToArray(), first.Labels.Segments);
            string prompts = string.Join(',', corrected.Select(k => kind switch
            {
                0 => $$"""{"box":[[2,6,{{k}}],[6,18,{{k}}]]}""",
                1 => $$"""{"points":[[5,12,{{k}},1],[8,8,{{k}},0]]}""",
                _ => $$"""{"box":[[12,6,{{k}}],[20,18,{{k}}]]}""", // the other rod, which is another segment's
            }));
            string accept = accepted.Length > 0 ? $"\"accept\":[{string.Join(',', accepted)}]" : "";
            SegmentationResult second = scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", prompts, accept)), first.ToState());

            Assert.True(before.Labels.SequenceEqual(first.Labels.Labels)); // the state is copied
            HashSet<int> open = OpenSlices(corrected, [5, 17, .. accepted]);
            for (int k = 0; k < 24; k++)
            {
                ReadOnlySpan<ushort> old = ContinuedScan.SliceOf(before, k), now = ContinuedScan.SliceOf(second.Labels, k);
                if (!open.Contains(k)) Assert.True(old.SequenceEqual(now), $"slice {k} changed");
                for (int n = 0; n < old.Length; n++) Assert.Equal(old[n] == 2, now[n] == 2); // "right" is not named
            }
            Assert.All(second.Segments[0].Slices, s => Assert.Equal(open.Contains(s.Slice) ? 1 : 0, s.Run));
            Assert.All(second.Segments[1].Slices, s => Assert.Equal(0, s.Run));
            Assert.Equal(corrected.Union([5, 17]).Order(), second.Segments[0].Plan.KeySlices.Select(k => k.Slice));
            Assert.Equal(accepted.Order(), second.Segments[0].Accepted);
        }, iter: 100, threads: 1);

    /// <summary>By the rule's own words: from each corrected slice both ways up to, but not with, the next slice that is locked and not corrected.</summary>
    private static HashSet<int> OpenSlices(int[] corrected, int[] locked)
    {
        HashSet<int> open = [];
        foreach (int start in corrected)
            foreach (int step in (int[])[-1, 1])
                for (int k = start; k is >= 0 and < 24 && (corrected.Contains(k) || !locked.Contains(k)); k += step) open.Add(k);
        return open;
    }

    [Fact]
    public void Run_CorrectionBetweenKeys_IsBlendedFromBothEnds()
    {
        ContinuedScan scan = new();
        SegmentationResult first = scan.First();
        SegmentationResult second = scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", BoxOn12)), first.ToState());
        Assert.False(first.Labels.Labels.SequenceEqual(second.Labels.Labels));
        Assert.Equal(Enumerable.Range(6, 6).Concat(Enumerable.Range(13, 4)), second.Segments[0].Slices.Where(s => s is { Run: 1, Kind: StepKind.Blend }).Select(s => s.Slice));
        Assert.Equal([(5, StepKind.Down, 0), (5, StepKind.Up, 11), (12, StepKind.Up, 16), (12, StepKind.Down, 6), (17, StepKind.Up, 23), (17, StepKind.Down, 13)],
            second.Segments[0].Ends.OrderBy(e => e.KeySlice).ThenBy(e => e.Kind != (e.KeySlice == 5 ? StepKind.Down : StepKind.Up)).Select(e => (e.KeySlice, e.Kind, e.LastSlice)));
        // The corrected slice is what its box alone says.
        SegmentationResult alone = scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", BoxOn12, "\"range\":[12,12]")));
        for (int n = 0; n < 576; n++)
            Assert.Equal(ContinuedScan.SliceOf(alone.Labels, 12)[n] == 1, ContinuedScan.SliceOf(second.Labels, 12)[n] == 1);
    }

    [Fact]
    public void Run_AcceptedOrCompleted_AsksForNoLookAnyMore()
    {
        ContinuedScan scan = new();
        SegmentationResult first = Doubtful(scan.First());
        Assert.Equal(Enumerable.Range(0, 24), first.Segments[0].SlicesToReview);
        SegmentationResult second = scan.Run(ContinuedScan.File(
            ContinuedScan.Segment("left", """{"box":[[2,6,12],[10,18,12]]}""", "\"accept\":[3,5,20]"), ContinuedScan.Segment("right", "", "\"status\":\"completed\"")), first.ToState());
        int[] anew = [.. Enumerable.Range(6, 11)];
        Assert.Equal(Enumerable.Range(0, 24).Except([3, 5, 20]).Except(anew), second.Segments[0].SlicesToReview.Except(anew)); // 5 is a key slice
        Assert.Empty(second.Segments[1].SlicesToReview);
        SegmentationResult third = scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", """{"box":[[2,6,20],[10,18,20]]}""")), second.ToState());
        Assert.Equal([3, 5], third.Segments[0].Accepted); // 20 was corrected after all

        static SegmentationResult Doubtful(SegmentationResult result) => result with
        {
            Segments = [.. result.Segments.Select(s => s with { Slices = [.. s.Slices.Select(slice => slice with { Confidence = 0.1 })] })],
        };
    }

    [Fact]
    public void Run_LabelsDrawnElsewhere_AreCarriedOnFromTheSlicesThatAreNamed()
    {
        ContinuedScan scan = new();
        SegmentationResult first = scan.First();
        SegmentationRecord record = SegmentationRecordReader.Parse(ContinuedScan.Text(first), "x.json");
        LabelMap drawn = new(first.Labels.Geometry, first.Labels.Labels.ToArray(), []);
        for (int n = 0; n < 576; n++) drawn.MutableLabels[12 * 576 + n] = (ushort)(n % 24 is >= 4 and <= 6 && n / 24 is >= 10 and <= 14 ? 1 : 0);
        drawn.MutableLabels[0] = 9; // a structure that the record does not know
        Assert.Contains("\"present\"", Assert.Throws<UnsupportedInputException>(() => record.ToState(drawn, "x")).Message);

        SegmentationState state = record.ToState(drawn, "x", mayBeEdited: true);
        SegmentationResult second = scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", """{"present":[12]}""")), state);
        Assert.True(ContinuedScan.SliceOf(drawn, 12).SequenceEqual(ContinuedScan.SliceOf(second.Labels, 12)));
        HashSet<int> open = [.. Enumerable.Range(6, 11)];
        bool hasChanged = false;
        for (int k = 0; k < 24; k++)
        {
            bool isSame = ContinuedScan.SliceOf(drawn, k).SequenceEqual(ContinuedScan.SliceOf(second.Labels, k));
            Assert.True(isSame || open.Contains(k), $"slice {k} changed");
            hasChanged |= !isSame;
        }
        Assert.True(hasChanged);
        Assert.Equal(3, second.Runs.Count);
        Assert.Equal("label 9", second.Labels.FindSegment(9)?.Name);
        Assert.Contains("edit by hand", Assert.Throws<UnsupportedInputException>(
            () => scan.Replay(SegmentationRecordReader.Parse(ContinuedScan.Text(second), "y.json"))).Message);
        // Unchanged labels are no edit.
        Assert.Single(record.ToState(first.Labels, "x", mayBeEdited: true).Runs);
    }

    [Fact]
    public void Run_AcceptedEmptySlice_StaysEmptyAndStopsTheWay()
    {
        ContinuedScan scan = new();
        SegmentationResult first = scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", BoxOn12, "\"range\":[10,14]")));
        SegmentationResult second = scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", """{"box":[[2,6,20],[10,18,20]]}""", "\"accept\":[17],\"range\":[0,23]")), first.ToState());
        for (int k = 0; k < 24; k++) Assert.Equal(k is >= 10 and <= 14 or >= 18, ContinuedScan.SliceOf(second.Labels, k).Contains((ushort)1));
    }

    [Fact]
    public void Run_OldWayCrossesACorrection_ItsRestIsToldFromTheNextLockedSlice()
    {
        ContinuedScan scan = new();
        SegmentationResult first = scan.First();
        SegmentationResult second = scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", """{"box":[[2,6,19],[10,18,19]]}""", "\"accept\":[21]")), first.ToState());
        Assert.Contains(second.Segments[0].Ends, e => e is { KeySlice: 21, Kind: StepKind.Up, LastSlice: 23, Reason: StopReason.VolumeEnd });
        Assert.DoesNotContain(second.Segments[0].Ends, e => e is { KeySlice: 17, Kind: StepKind.Up, LastSlice: 23 });
    }

    [Fact]
    public void Run_PointOffTheObjectAlone_RefinesThePresentMask()
    {
        ContinuedScan scan = new();
        SegmentationResult first = scan.First();
        SegmentationResult second = scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", """{"points":[[4,8,12,0]]}""")), first.ToState());
        SliceRecord key = second.Segments[0].Slices.Single(s => s is { Run: 1, Kind: StepKind.Key });
        Assert.True(key.HasMask);
        Assert.False(Assert.Single(key.Points).IsForeground);
    }

    [Fact]
    public void Run_AcceptedMask_IsTakenWordForWordAndPropagated()
    {
        ContinuedScan scan = new();
        scan.Masks["m.nii"] = scan.Mask((i, j, k) => k == 12 && i + j is > 14 and < 26 ? 1 : 0); // a stripe that no model would draw, over both rods
        SegmentationResult first = scan.First();
        SegmentationResult second = scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", """{"mask":"m.nii"}""", "\"accept\":[12]")), first.ToState());
        int contested = 0;
        for (int n = 0; n < 576; n++)
        {
            bool isRight = ContinuedScan.SliceOf(first.Labels, 12)[n] == 2; // another segment's voxels are never overwritten
            if (isRight && ContinuedScan.SliceOf(scan.Masks["m.nii"], 12)[n] == 1) contested++;
            Assert.Equal(isRight ? 2 : ContinuedScan.SliceOf(scan.Masks["m.nii"], 12)[n], ContinuedScan.SliceOf(second.Labels, 12)[n]);
        }
        Assert.True(contested > 10, $"{contested} voxels of the other segment are under the mask");
        Assert.Equal(Enumerable.Range(6, 11), second.Segments[0].Slices.Where(s => s.Run == 1).Select(s => s.Slice).Distinct());
        SegmentationResult fresh = scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", """{"mask":"m.nii"}""", "\"accept\":[12]")));
        Assert.True(ContinuedScan.SliceOf(fresh.Labels, 12).SequenceEqual(ContinuedScan.SliceOf(scan.Masks["m.nii"], 12)));
    }

    [Fact]
    public void Run_NewSegment_TakesFreeVoxelsAndTheLowestFreeLabel()
    {
        ContinuedScan scan = new();
        SegmentationResult first = scan.First();
        SegmentationResult second = scan.Run(ContinuedScan.File(ContinuedScan.Segment("all", """{"box":[[1,6,12],[22,18,12]]},{"points":[[5,12,12,1]]}""")), first.ToState());
        Assert.Equal([("left", 1), ("right", 2), ("all", 3)], second.Labels.Segments.Select(s => (s.Name, (int)s.Label)));
        for (int n = 0; n < first.Labels.Labels.Length; n++)
            if (first.Labels.Labels[n] != 0) Assert.Equal(first.Labels.Labels[n], second.Labels.Labels[n]);
        Assert.Equal(second.Labels.Labels.Count((ushort)3), second.Segments[2].VoxelCount);
    }

    [Fact]
    public void Run_Completed_IsRefusedUntilItIsOpenedAgain()
    {
        ContinuedScan scan = new();
        SegmentationResult done = scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", "", "\"status\":\"completed\"")), scan.First().ToState());
        Assert.Equal(SegmentStatus.Completed, done.Segments[0].Status);
        string correction = ContinuedScan.Segment("left", BoxOn12);
        Assert.Contains("completed", Assert.Throws<InvalidPromptException>(() => scan.Run(ContinuedScan.File(correction), done.ToState())).Message);
        SegmentationResult opened = scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", BoxOn12, "\"status\":\"inprogress\"")), done.ToState());
        Assert.Equal(SegmentStatus.InProgress, opened.Segments[0].Status);
        Assert.Equal(3, opened.Runs.Count);
    }

    [Fact]
    public void Run_Editable_LabelsNothingOutside()
    {
        SegmentationResult all = new ContinuedScan().First();
        ContinuedScan scan = new() { Editable = new(190, 210) };
        SegmentationResult some = scan.First();
        ReadOnlySpan<byte> greys = scan.Scan.Volume.Voxels;
        int labelled = 0;
        for (int n = 0; n < greys.Length; n++)
        {
            bool isEditable = greys[n] is >= 190 and <= 210;
            Assert.Equal(isEditable ? all.Labels.Labels[n] : 0, some.Labels.Labels[n]);
            labelled += some.Labels.Labels[n] != 0 ? 1 : 0;
        }
        Assert.True(labelled > 100);
    }

    [Fact]
    public void Refine_EverySecondSlice_PromptsThoseAndTheLast()
    {
        ContinuedScan scan = new();
        LabelMap rough = scan.Mask((i, j, k) => k is >= 4 and <= 9 && i is >= 4 and <= 8 && Math.Abs(j - 12) < 4 ? 7 : 0);
        scan.Masks["rough.nii"] = rough;
        SegmentationResult result = scan.Run([PromptShorthand.Refine(rough, "rough.nii", 2)]);
        SegmentOutcome segment = Assert.Single(result.Segments);
        Assert.Equal(("label 7", 7), (segment.Plan.Segment.Name, (int)segment.Plan.Segment.Label));
        Assert.Equal([4, 6, 8, 9], segment.Plan.KeySlices.Select(k => k.Slice));
        Assert.True(segment.VoxelCount > rough.Labels.Count((ushort)7)); // grown to the rod
        Assert.Equal(Enumerable.Range(4, 6), segment.Slices.Select(s => s.Slice).Distinct()); // the rod goes on, but what is refined ends here
        PromptDocument wider = PromptDocument.Parse(ContinuedScan.File(ContinuedScan.Segment("label 7", "", "\"status\":\"inprogress\",\"range\":[2,23]")), "p.json");
        SegmentOutcome grown = Assert.Single(scan.Run([PromptShorthand.Refine(rough, "rough.nii", 2), wider]).Segments);
        Assert.Equal(Enumerable.Range(2, 22), grown.Slices.Where(s => s.IsKept).Select(s => s.Slice).Distinct());
    }

    [Theory]
    [InlineData("accepted slice 24 lies outside the scan", "", "\"accept\":[24]")]
    [InlineData("has a box or points too", BoxOn12, "\"accept\":[12]")]
    [InlineData("outside its range", BoxOn12, "\"range\":[0,11]")]
    [InlineData("has label 1 in the run that is continued", BoxOn12, "\"label\":5")]
    [InlineData("slices along k in the run that is continued", BoxOn12, "\"axis\":\"i\"")]
    [InlineData("marked both on the object and off it", """{"points":[[4,8,12,0],[4,8,12,1]]}""", "")]
    [InlineData("has another grid", """{"mask":"other.nii"}""", "")]
    public void Run_CorrectionThatCannotBe_SaysWhy(string expected, string prompts, string more)
    {
        ContinuedScan scan = new();
        scan.Masks["other.nii"] = new(new(24, 24, 23, scan.Scan.Geometry.IndexToRas), []);
        Assert.Contains(expected, Assert.Throws<InvalidPromptException>(() => scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", prompts, more)), scan.First().ToState())).Message);
    }

    [Fact]
    public void Run_AcceptWithoutARunBefore_SaysSo() => Assert.Contains("has not been segmented",
        Assert.Throws<InvalidPromptException>(() => new ContinuedScan().Run(ContinuedScan.File(ContinuedScan.Segment("left", "", "\"accept\":[3]")))).Message);

    [Fact]
    public void Run_PointOffTheObjectWhereThereIsNone_SaysSo()
    {
        ContinuedScan scan = new();
        SegmentationResult first = scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", BoxOn12, "\"range\":[10,14]")));
        Assert.Contains("nothing there to take them from", Assert.Throws<InvalidPromptException>(
            () => scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", """{"points":[[4,8,20,0]]}""", "\"range\":[0,23]")), first.ToState())).Message);
    }
}
