using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Voxels;

namespace SamMed2D.Imaging.ItkSharp;

/// <summary>What our own check of a header found; ITK must find the same before it may read.</summary>
/// <param name="Sizes">Voxels along each spatial and time axis, 1 to 4 of them.</param>
/// <param name="Components">Numbers per voxel.</param>
/// <param name="Type">Their type.</param>
internal sealed record ItkClaim(IReadOnlyList<long> Sizes, int Components, VoxelType Type);

/// <summary>
/// Reads NRRD and MetaImage through ITK. The only class that knows of the native library, and with the formats' writers the only place
/// that knows LPS. Calls are serialised, since the readers beneath keep state in globals.
/// </summary>
internal static class ItkImageReader
{
    private static readonly Lock s_lock = new();

    /// <summary>Where a file's voxels lie: voxel indices to RAS.</summary>
    /// <param name="path">The header file, already checked.</param>
    /// <param name="format">Which format.</param>
    /// <param name="claim">What the check found.</param>
    /// <exception cref="InvalidFileException">ITK cannot read the header, finds something else than the claim, or the affine is singular.</exception>
    /// <exception cref="MissingComponentException">The native library is missing.</exception>
    public static Affine ReadPlacement(string path, ItkFormat format, ItkClaim claim)
    {
        lock (s_lock)
        {
            using ItkFile file = Open(path, format, claim, out ItkDescription description);
            Affine affine = PlaceInRas(description);
            return affine.IsInvertible ? affine
                : throw new InvalidFileException(path, $"its directions or voxel sizes are singular or not finite ({affine}); repair the header or export the scan again");
        }
    }

    /// <summary>All numbers of a file: components together, then the axes, fastest first.</summary>
    /// <param name="path">The header file, already checked.</param>
    /// <param name="format">Which format.</param>
    /// <param name="claim">What the check found.</param>
    /// <exception cref="InvalidFileException">ITK cannot read it or finds something else than the claim.</exception>
    /// <exception cref="MissingComponentException">The native library is missing.</exception>
    public static T[] ReadNumbers<T>(string path, ItkFormat format, ItkClaim claim) where T : unmanaged, INumber<T>
    {
        lock (s_lock)
        {
            using ItkFile file = Open(path, format, claim, out _);
            T[] numbers = VoxelMemory.Allocate<T>(path, Count(claim));
            numbers.AsSpan().Clear(); // the reader beneath may leave out what the file lacks
            Span<byte> bytes = MemoryMarshal.AsBytes(numbers.AsSpan()), message = stackalloc byte[512];
            Check(path, ItkNative.Read(file, bytes, bytes.Length, message, message.Length), message);
            return numbers;
        }
    }

    private static ItkFile Open(string path, ItkFormat format, ItkClaim claim, out ItkDescription description)
    {
        ItkNative.Require();
        Span<byte> message = stackalloc byte[512];
        ItkStatus status = ItkNative.Open(path, format, out ItkFile file, out description, message, message.Length);
        try
        {
            Check(path, status, message);
            RequireAgreement(path, description, claim);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static long Count(ItkClaim claim) => claim.Sizes.Aggregate((long)claim.Components, (product, size) => checked(product * size));

    private static void Check(string path, ItkStatus status, ReadOnlySpan<byte> message)
    {
        if (status == ItkStatus.Ok) return;
        if (status == ItkStatus.NoMemory) throw new InsufficientMemoryForWorkException($"{path}: the machine has too little free memory to read it; close other programs");
        int length = message.IndexOf((byte)0);
        string text = Encoding.UTF8.GetString(length < 0 ? message : message[..length]);
        string oneLine = string.Join(' ', text.Split((char[])[' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
        throw new InvalidFileException(path, $"cannot be read, as it is cut short or damaged (ITK says: {oneLine}); copy or export it again");
    }

    private static void RequireAgreement(string path, in ItkDescription found, ItkClaim claim)
    {
        bool agrees = found.Dimension == claim.Sizes.Count && found.Components == claim.Components && found.ComponentBytes == claim.Type.SizeBytes();
        for (int axis = 0; agrees && axis < claim.Sizes.Count; axis++) agrees = found.Size[axis] == claim.Sizes[axis];
        if (!agrees) throw new InvalidFileException(path, "its header can be read in more than one way; export it again");
    }

    private static Affine PlaceInRas(in ItkDescription found)
    {
        RasVector[] steps = [new(-1, 0, 0), new(0, -1, 0), new(0, 0, 1)];
        double[] origin = [0, 0, 0];
        for (int axis = 0; axis < Math.Min(3, found.Dimension); axis++)
        {
            ItkDescription.Direction direction = found.Directions[axis];
            steps[axis] = new RasVector(-direction.L, -direction.P, direction.S) * found.Spacing[axis];
            origin[axis] = found.Origin[axis];
        }
        return Affine.FromColumns(steps[0], steps[1], steps[2], new LpsPoint(origin[0], origin[1], origin[2]).ToRas());
    }
}
