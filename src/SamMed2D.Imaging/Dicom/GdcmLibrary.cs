using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SamMed2D.Core.Errors;

namespace SamMed2D.Imaging.Dicom;

/// <summary>Tells GDCM's C# bindings where Debian keeps their native half; it lies on no path that the loader searches.</summary>
internal static class GdcmLibrary
{
    private const string Folder = "/usr/lib/cli/gdcm-sharp-3.0";
    private const string Glue = "libgdcmsharpglue.so";

    /// <summary>Must run before the first use of the bindings.</summary>
    /// <exception cref="MissingComponentException">The bindings are not installed.</exception>
    public static void Ensure()
    {
        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(Resolver).TypeHandle);
        }
        catch (TypeInitializationException failure)
        {
            throw Missing(failure.InnerException);
        }
    }

    private static MissingComponentException Missing(Exception? cause) =>
        new("GDCM's C# bindings, which decode compressed DICOM, are not installed: apt-get install libgdcm-cil", cause);

    private static class Resolver
    {
        static Resolver()
        {
            Assembly bindings = typeof(gdcm.Image).Assembly;
            NativeLibrary.SetDllImportResolver(bindings, Resolve);
            NativeLibrary.Free(Resolve(Glue, bindings, null));
            // GDCM writes its thoughts on odd files to the console; what matters becomes an error here.
            gdcm.Trace.DebugOff();
            gdcm.Trace.WarningOff();
            gdcm.Trace.ErrorOff();
        }

        private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) =>
            NativeLibrary.Load(name.StartsWith("libgdcmsharpglue", StringComparison.Ordinal) || name == "gdcmsharpglue" ? Path.Combine(Folder, Glue) : name);
    }
}
