using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Dicom;

namespace SamMed2D.Cli.Tests.Commands;

/// <summary><c>sammed2d info</c> of a folder that holds two DICOM series.</summary>
public class SeriesTableTests
{
    [Fact]
    public void Info_FolderOfTwoSeries_ListsThemAndReadsTheChosenOne()
    {
        string folder = Directory.CreateTempSubdirectory("sammed2d-test-").FullName;
        try
        {
            Write(folder, "CT", 1, slices: 3);
            Write(folder, "MR", 2, slices: 2);
            CommandRun listing = CommandRun.Of("info", folder);
            Assert.Equal(0, listing.ExitCode);
            string[] lines = listing.Output.Split('\n');
            Assert.Contains("CT", lines[1]);
            Assert.Contains("5×4", lines[1]);
            Assert.Contains("MR", lines[2]);
            Assert.Contains("--series", lines[3]);
            CommandRun chosen = CommandRun.Of("info", folder, "--series", "2");
            Assert.Equal(0, chosen.ExitCode);
            Assert.Contains("5 × 4 × 2 voxels", chosen.Output);
            CommandRun json = CommandRun.Of("info", folder, "--json");
            Assert.Contains("\"sliceCount\": 3", json.Output);
            CommandRun.Of("convert", folder, Path.Combine(folder, "out.nii")).AssertFailsWith(4, "choose one with --series");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(string folder, string modality, int number, int slices)
    {
        Volume<short> volume = new(new VolumeGeometry(5, 4, slices, Affine.Identity), new short[20 * slices], IntensityScale.Identity, new VolumeInfo());
        DicomSeriesWriter.Write(volume, Path.Combine(folder, modality), new DicomSeriesOptions { Modality = modality, SeriesNumber = number });
    }
}
