using System.CommandLine;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Embeddings;

namespace SamMed2D.Cli.Terminal;

/// <summary>The options about keeping encoded slices between runs.</summary>
internal sealed class CacheOptions
{
    private readonly Option<string?> _folder = new("--cache") { Description = "Keep encoded slices in this folder, so that the next prompt on the scan starts at once. They are derived from the scan; only you may read them.", HelpName = "DIR" };
    private readonly Option<int> _megabytes = new("--cache-size")
    {
        Description = "The most megabytes in --cache; what was used longest ago goes first.",
        HelpName = "MB",
        DefaultValueFactory = _ => (int)(EmbeddingFolder.DefaultCapacityBytes >> 20),
        Validators = { result => { if (result.Errors.Count() == 0 && result.GetValueOrDefault<int>() < 1) result.AddError("--cache-size must be at least 1"); } },
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_folder);
        command.Options.Add(_megabytes);
    }

    /// <summary>Puts the cache that was asked for round a segmenter; the caller disposes the result alone.</summary>
    public IPromptableSegmenter Over(IPromptableSegmenter segmenter, ParseResult parsed, Shell shell)
    {
        if (parsed.GetValue(_folder) is not { } path) return segmenter;
        if (segmenter.EmbeddingCodec is null)
        {
            shell.Note($"--cache: {segmenter.Description.Name} looks at each slice anew in less time than a look into a cache takes, so nothing is kept");
            return segmenter;
        }
        try
        {
            // The run holds what it needs in memory by itself.
            return CachingSegmenter.Over(segmenter, memoryBytes: 0, new(path, (long)parsed.GetValue(_megabytes) << 20, shell.Note))!;
        }
        catch
        {
            segmenter.Dispose();
            throw;
        }
    }
}
