namespace SamMed2D.Core.Errors;

/// <summary>
/// The root of every error that the product raises on purpose. Its message is one line that names the thing, what was found,
/// what was expected and what to do.
/// </summary>
public abstract class SamMed2DException : Exception
{
    private protected SamMed2DException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}

/// <summary>An input file is missing, damaged, empty, or is not what it claims to be.</summary>
public sealed class InvalidFileException : SamMed2DException
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The file; its full path is not shown, only the text given here.</param>
    /// <param name="problem">What was found and expected, and what to do, without the file's name.</param>
    /// <param name="inner">The cause, if any.</param>
    public InvalidFileException(string path, string problem, Exception? inner = null) : base($"{path}: {problem}", inner) => Path = path;

    /// <summary>The file that the error is about.</summary>
    public string Path { get; }
}

/// <summary>The input is sound but of a kind that this operation does not take (colour images, a localiser, an unknown architecture).</summary>
public sealed class UnsupportedInputException : SamMed2DException
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="problem">What was found and expected, and what to do, without the file's name.</param>
    /// <param name="inner">The cause, if any.</param>
    public UnsupportedInputException(string path, string problem, Exception? inner = null) : base($"{path}: {problem}", inner) => Path = path;

    /// <summary>The file or folder that the error is about.</summary>
    public string Path { get; }
}

/// <summary>A source holds several volumes and the caller chose none; the message lists them.</summary>
public sealed class AmbiguousInputException : SamMed2DException
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="problem">What there is to choose from, and how.</param>
    public AmbiguousInputException(string path, string problem) : base($"{path}: {problem}") => Path = path;

    /// <summary>The file or folder that the error is about.</summary>
    public string Path { get; }
}

/// <summary>A prompt is malformed, contradicts another, or lies outside the scan.</summary>
public sealed class InvalidPromptException : SamMed2DException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The prompt, what is wrong with it, and what to do.</param>
    /// <param name="inner">The cause, if any.</param>
    public InvalidPromptException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}

/// <summary>An edit that the segmentation does not allow: of a locked or missing segment, or while another change is under way.</summary>
public sealed class InvalidEditException : SamMed2DException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was to be edited, why it cannot be, and what to do.</param>
    public InvalidEditException(string message) : base(message)
    {
    }
}

/// <summary>A model folder or checkpoint is missing, damaged, of another architecture, or fails to run.</summary>
public sealed class ModelException : SamMed2DException
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The model folder or file.</param>
    /// <param name="problem">What was found and expected, and what to do, without the name.</param>
    /// <param name="inner">The cause, if any.</param>
    public ModelException(string path, string problem, Exception? inner = null) : base($"{path}: {problem}", inner) => Path = path;

    /// <summary>The model folder or file that the error is about.</summary>
    public string Path { get; }
}

/// <summary>A result cannot be written: the folder is missing or read-only, the disk is full, the format is unknown.</summary>
public sealed class OutputException : SamMed2DException
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="problem">What was found and expected, and what to do, without the file's name.</param>
    /// <param name="inner">The cause, if any.</param>
    public OutputException(string path, string problem, Exception? inner = null) : base($"{path}: {problem}", inner) => Path = path;

    /// <summary>The file or folder that the error is about.</summary>
    public string Path { get; }
}

/// <summary>Something that the machine should have is missing: a native library, an execution provider, OpenGL.</summary>
public sealed class MissingComponentException : SamMed2DException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What is missing, for what, and how to install it.</param>
    /// <param name="inner">The cause, if any.</param>
    public MissingComponentException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}

/// <summary>The work would need more memory than the machine has.</summary>
public sealed class InsufficientMemoryForWorkException : SamMed2DException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was asked, how much it needs, how much there is, and what to do.</param>
    public InsufficientMemoryForWorkException(string message) : base(message)
    {
    }
}

/// <summary>A command or script asks for something that is not there, or that cannot be done now.</summary>
public sealed class InvalidCommandException : SamMed2DException
{
    /// <summary>Creates the error.</summary>
    /// <param name="command">The command, or the place in a script.</param>
    /// <param name="problem">What was found and expected, and what to do, without the command's name.</param>
    /// <param name="inner">The cause, if any.</param>
    public InvalidCommandException(string command, string problem, Exception? inner = null) : base($"{command}: {problem}", inner) => Command = command;

    /// <summary>The command that the error is about.</summary>
    public string Command { get; }
}
