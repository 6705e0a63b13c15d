namespace SamMed2D.Cli.Doctor;

/// <summary>One thing that was looked at.</summary>
/// <param name="Area">What it belongs to: system, inference, imaging, graphics.</param>
/// <param name="Name">What was looked at.</param>
/// <param name="State">How it is.</param>
/// <param name="Found">What was found.</param>
/// <param name="Remedy">What to do about it; null where nothing is to be done.</param>
internal sealed record Finding(string Area, string Name, FindingState State, string Found, string? Remedy = null);

/// <summary>How a thing is.</summary>
internal enum FindingState
{
    /// <summary>There, and works.</summary>
    Ok,

    /// <summary>Not there; only part of the program needs it.</summary>
    Optional,

    /// <summary>Missing or broken.</summary>
    Missing,
}

/// <summary>One look at one thing. Whatever goes wrong in it becomes a finding, so that the other checks still run.</summary>
/// <param name="area">What it belongs to.</param>
/// <param name="name">What is looked at.</param>
/// <param name="remedy">What to do where the look itself fails.</param>
/// <param name="look">Looks; may throw.</param>
internal sealed class Check(string area, string name, string remedy, Func<Check, Finding> look)
{
    /// <summary>Looks.</summary>
    public Finding Run()
    {
        try
        {
            return look(this);
        }
        catch (Exception failure)
        {
            string message = string.Join(' ', failure.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            return new(area, name, FindingState.Missing, message, remedy);
        }
    }

    /// <summary>All is well.</summary>
    public Finding Ok(string found) => new(area, name, FindingState.Ok, found);

    /// <summary>Not there, and not needed by everybody.</summary>
    public Finding Optional(string found, string? advice = null) => new(area, name, FindingState.Optional, found, advice ?? remedy);

    /// <summary>Missing or broken.</summary>
    public Finding Missing(string found) => new(area, name, FindingState.Missing, found, remedy);
}
