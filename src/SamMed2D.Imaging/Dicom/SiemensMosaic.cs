using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using SamMed2D.Core.Geometry;

namespace SamMed2D.Imaging.Dicom;

/// <summary>
/// Siemens stores the slices of one fMRI or diffusion volume as tiles of a single square picture. Their number and the direction of the
/// stack stand in a private header, the "CSA" block (layout: nibabel's documentation, "Siemens format DICOM with CSA header").
/// </summary>
internal static class SiemensMosaic
{
    private const int MostTiles = 4096;

    /// <summary>One frame a tile; null where the file is no mosaic.</summary>
    public static IReadOnlyList<DicomFrame>? TryCreateFrames(DicomInstance instance, DicomDataSet data)
    {
        if (!instance.ImageType.Split('\\').Contains("MOSAIC") || instance.PictureCount != 1) return null;
        byte[] csa = data.GetBytes(DicomTags.SiemensCsaImageHeader) ?? [];
        int count = (int)(ReadCsaNumbers(csa, "NumberOfImagesInMosaic") is [double told, ..] ? told : data.GetUInt16(DicomTags.MosaicImageCount) ?? 0);
        if (count is < 2 or > MostTiles) return null;
        int side = (int)Math.Ceiling(Math.Sqrt(count));
        int columns = instance.Format.Columns / side, rows = instance.Format.Rows / side;
        FunctionalGroups groups = new(null, null, data);
        PicturePlane? whole = FrameReader.CreatePlane(data.GetDecimals(DicomTags.ImagePositionPatient),
            data.GetDecimals(DicomTags.ImageOrientationPatient), data.GetDecimals(DicomTags.PixelSpacing));
        if (whole is null || columns < 1 || rows < 1 || data.GetDecimal(DicomTags.SpacingBetweenSlices) is not double spacing || !(spacing > 0)) return null;
        RasVector step = StackDirection(csa, whole) * spacing;
        // The position told is where the corner of a single picture as large as the mosaic would be.
        RasVector corner = whole.Right * (whole.ColumnSpacingMm * (instance.Format.Columns - columns) / 2)
            + whole.Down * (whole.RowSpacingMm * (instance.Format.Rows - rows) / 2);
        double slope = data.GetDecimal(DicomTags.RescaleSlope) is double s && s != 0 ? s : 1;
        double intercept = data.GetDecimal(DicomTags.RescaleIntercept) ?? 0;
        double[] keys = FrameReader.PhaseKeysOf(groups);
        DicomFrame[] frames = new DicomFrame[count];
        for (int n = 0; n < count; n++)
        {
            RasVector shift = corner + step * n;
            PicturePlane plane = whole with { Position = new(whole.Position.R + shift.R, whole.Position.A + shift.A, whole.Position.S + shift.S) };
            frames[n] = new DicomFrame(instance, 0, n % side * columns, n / side * rows, columns, rows, plane, slope, intercept, "", keys);
        }
        return frames;
    }

    private static RasVector StackDirection(byte[] csa, PicturePlane plane)
    {
        if (ReadCsaNumbers(csa, "SliceNormalVector") is not [double l, double p, double s]) return plane.Normal;
        return new RasVector(-l, -p, s).Dot(plane.Normal) < 0 ? plane.Normal * -1 : plane.Normal;
    }

    /// <summary>The numbers of one entry of a CSA block of version 2 (it begins with <c>SV10</c>); empty where there is none.</summary>
    private static double[] ReadCsaNumbers(byte[] csa, string wanted)
    {
        const int headBytes = 16, entryBytes = 84, itemBytes = 16;
        if (csa.Length < headBytes || !csa.AsSpan(0, 4).SequenceEqual("SV10"u8)) return [];
        int entries = BinaryPrimitives.ReadInt32LittleEndian(csa.AsSpan(8));
        long at = headBytes;
        for (int entry = 0; entry < entries && at + entryBytes <= csa.Length; entry++)
        {
            ReadOnlySpan<byte> head = csa.AsSpan((int)at, entryBytes);
            ReadOnlySpan<byte> name = head[..64];
            bool found = name[..Math.Max(0, name.IndexOf((byte)0))].SequenceEqual(Encoding.ASCII.GetBytes(wanted));
            int items = BinaryPrimitives.ReadInt32LittleEndian(head[76..]);
            at += entryBytes;
            List<double> numbers = [];
            for (int item = 0; item < items && at + itemBytes <= csa.Length; item++)
            {
                long length = BinaryPrimitives.ReadUInt32LittleEndian(csa.AsSpan((int)at + 4));
                at += itemBytes;
                if (at + length > csa.Length) return [];
                string text = Encoding.Latin1.GetString(csa, (int)at, (int)length).Trim('\0', ' ');
                if (found && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)) numbers.Add(number);
                at += (length + 3) / 4 * 4;
            }
            if (found) return [.. numbers];
        }
        return [];
    }
}
