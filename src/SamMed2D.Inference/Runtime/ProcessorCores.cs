namespace SamMed2D.Inference.Runtime;

/// <summary>Counts processor cores.</summary>
internal static class ProcessorCores
{
    /// <summary>Physical cores that this process may use, at least 1: hyper-threads share the units that matrix products need.</summary>
    public static int CountPhysical()
    {
        int logical = Math.Max(Environment.ProcessorCount, 1);
        return OperatingSystem.IsLinux() ? Math.Clamp(CountLinuxCores(), 1, logical) : logical;
    }

    private static int CountLinuxCores()
    {
        try
        {
            HashSet<string> cores = [];
            foreach (string folder in Directory.EnumerateDirectories("/sys/devices/system/cpu", "cpu*"))
            {
                string siblings = Path.Combine(folder, "topology", "thread_siblings_list");
                if (File.Exists(siblings)) cores.Add(File.ReadAllText(siblings).Trim());
            }
            return cores.Count > 0 ? cores.Count : int.MaxValue;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return int.MaxValue;
        }
    }
}
