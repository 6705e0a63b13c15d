namespace SamMed2D.Core.Errors;

/// <summary>The exit codes of all of the product's programs; documented in the README and stable.</summary>
public enum ExitCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>A bug.</summary>
    InternalError = 1,

    /// <summary>The command line, a prompt or a command is wrong.</summary>
    Usage = 2,

    /// <summary>A file is missing or damaged.</summary>
    InvalidFile = 3,

    /// <summary>The input is sound but not usable here, or a choice is needed.</summary>
    UnsupportedInput = 4,

    /// <summary>The model is missing, damaged or of another kind.</summary>
    Model = 5,

    /// <summary>The result cannot be written.</summary>
    Output = 6,

    /// <summary>A package or library is missing.</summary>
    MissingComponent = 7,

    /// <summary>Too little memory.</summary>
    Memory = 8,

    /// <summary>A replay gave other voxels.</summary>
    Different = 9,

    /// <summary>Stopped by Ctrl-C.</summary>
    Cancelled = 130,
}
