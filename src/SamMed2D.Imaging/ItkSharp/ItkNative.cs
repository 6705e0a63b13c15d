using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SamMed2D.Core.Errors;

namespace SamMed2D.Imaging.ItkSharp;

/// <summary>The functions of <c>native/sammed2d_itk.h</c>.</summary>
internal static partial class ItkNative
{
    /// <summary>The version of the interface that this file is written for.</summary>
    public const int AbiVersion = 1;

    /// <summary>The most dimensions that a description holds.</summary>
    public const int MaxDimension = 4;

    private const string Library = "sammed2d_itk";
    private const string Remedy = "install its parts (apt-get install libinsighttoolkit5-dev cmake ninja-build g++) and build again";

    private static readonly Lazy<MissingComponentException?> s_problem = new(FindProblem);

    /// <summary>Checks that the library loads and has the interface expected.</summary>
    /// <exception cref="MissingComponentException">It does not.</exception>
    public static void Require()
    {
        if (s_problem.Value is MissingComponentException problem) throw new MissingComponentException(problem.Message, problem);
    }

    private static MissingComponentException? FindProblem()
    {
        try
        {
            int found = AbiVersionOfLibrary();
            return found == AbiVersion ? null : new MissingComponentException(
                $"libsammed2d_itk.so, which reads NRRD and MetaImage, has interface version {found} instead of {AbiVersion}; build again");
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return new MissingComponentException($"libsammed2d_itk.so or ITK, which read NRRD and MetaImage, cannot be loaded; {Remedy}", failure);
        }
    }

    [LibraryImport(Library, EntryPoint = "sammed2d_itk_abi_version")]
    private static partial int AbiVersionOfLibrary();

    [LibraryImport(Library, EntryPoint = "sammed2d_itk_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ItkStatus Open(string path, ItkFormat format, out ItkFile file, out ItkDescription description, Span<byte> message, int messageBytes);

    [LibraryImport(Library, EntryPoint = "sammed2d_itk_read")]
    public static partial ItkStatus Read(ItkFile file, Span<byte> buffer, long bufferBytes, Span<byte> message, int messageBytes);

    [LibraryImport(Library, EntryPoint = "sammed2d_itk_close")]
    public static partial void Close(nint file);
}

/// <summary>What a native function answers.</summary>
internal enum ItkStatus
{
    Ok = 0,
    BadFile = 1,
    BadArgument = 2,
    NoMemory = 3,
}

/// <summary>Which reader to use.</summary>
internal enum ItkFormat
{
    Nrrd = 0,
    MetaImage = 1,
}

/// <summary>A file that ITK holds open.</summary>
internal sealed class ItkFile : SafeHandle
{
    /// <summary>For the marshaller.</summary>
    public ItkFile() : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        ItkNative.Close(handle);
        return true;
    }
}

/// <summary>What a header says, in ITK's reading: lengths in millimetres, axes left, posterior, superior.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ItkDescription
{
    public int Dimension;
    public int ComponentType;
    public int ComponentBytes;
    public int Components;
    public Four<long> Size;
    public Four<double> Spacing;
    public Four<double> Origin;
    public Four<Direction> Directions;

    /// <summary>One number an axis.</summary>
    [InlineArray(ItkNative.MaxDimension)]
    public struct Four<T> where T : unmanaged
    {
        private T _first;
    }

    /// <summary>The unit vector of one index step.</summary>
    public struct Direction
    {
        public double L, P, S;
    }
}
