using SamMed2D.Application.Jobs;
using SamMed2D.Core.Errors;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Embeddings;

namespace SamMed2D.Application.Models;

/// <summary>Which models there are, and the one in use. It is loaded in the background, when it is first needed.</summary>
public sealed class ModelChoice
{
    private const long EmbeddingBytes = 256L << 20;

    private readonly Workspace _workspace;
    private Job? _loading;

    internal ModelChoice(Workspace workspace)
    {
        _workspace = workspace;
        Entries = List();
        Entry = Entries.FirstOrDefault(e => e.Id == workspace.Settings.Current.Model) ?? Entries.FirstOrDefault();
    }

    /// <summary>The models to choose from, the bundled one first.</summary>
    public IReadOnlyList<ModelEntry> Entries { get; private set; }

    /// <summary>The model chosen; null where there is none at all.</summary>
    public ModelEntry? Entry { get; private set; }

    /// <summary>What the loaded model says of itself, its device too; null while none is loaded.</summary>
    public SegmenterDescription? Description { get; private set; }

    /// <summary>True once a model is loaded.</summary>
    public bool IsReady => Segmenter is not null;

    /// <summary>True while a model is being loaded.</summary>
    public bool IsLoading => _loading is not null;

    /// <summary>Why the chosen model cannot be used; null where nothing stands against it.</summary>
    public string? Problem { get; private set; }

    /// <summary>The loaded model; it belongs to the live predictor.</summary>
    internal IPromptableSegmenter? Segmenter { get; private set; }

    /// <summary>Loads the chosen model, unless it is there, on its way or has failed.</summary>
    internal void Load()
    {
        if (IsReady || IsLoading || Problem is not null || Entry is not { } entry) return;
        _loading = _workspace.Jobs.Start($"Load model {entry.Name}", _ => _workspace.Services.Models.Open(entry), segmenter => Take(entry, segmenter), failure =>
        {
            if (entry != Entry) return; // Another was chosen meanwhile.
            _loading = null;
            Problem = failure.Message;
            _workspace.Notices.Add(new(Notices.NoticeKind.Error, $"Load model {entry.Name}", $"{failure.Message}. Choose another model; your work is still here.")
            {
                Choices = [new("Use the bundled model", "model.choose", new() { ["id"] = "bundled" })],
            });
        });
    }

    /// <summary>Takes another model.</summary>
    /// <exception cref="InvalidCommandException">There is no such model, or it cannot be opened.</exception>
    internal void Choose(string id)
    {
        ModelEntry entry = Entries.FirstOrDefault(e => e.Id == id)
            ?? throw new InvalidCommandException("model.choose", $"there is no model '{id}'; there are {string.Join(", ", Entries.Select(e => e.Id))}");
        if (entry.Problem is { } problem) throw new InvalidCommandException("model.choose", problem);
        _loading?.Cancel();
        _workspace.Prompting.Predictor.SetModel(null);
        (_loading, Segmenter, Description, Problem, Entry) = (null, null, null, null, entry);
        _workspace.Settings.Change(s => s with { Model = id == "bundled" ? "" : id });
        Load();
    }

    /// <summary>Adds the folder of an imported model and takes it.</summary>
    /// <exception cref="InvalidCommandException">The folder holds no model that can be opened; it is not remembered.</exception>
    internal void AddFolder(string folder)
    {
        string full = Path.GetFullPath(folder);
        if (_workspace.Services.Models.List([full]).FirstOrDefault(e => e.Id == full)?.Problem is { } problem) throw new InvalidCommandException("model.add-folder", problem);
        _workspace.Settings.Change(s => s with { ModelFolders = [.. s.ModelFolders.Where(f => f != full), full] });
        Entries = List();
        Choose(full);
    }

    private IReadOnlyList<ModelEntry> List()
    {
        try
        {
            return _workspace.Services.Models.List(_workspace.Settings.Current.ModelFolders);
        }
        catch (SamMed2DException failure)
        {
            _workspace.Notices.Add("Models", failure);
            return [];
        }
    }

    private void Take(ModelEntry entry, IPromptableSegmenter loaded)
    {
        // Prompts, the encoder that runs ahead of them, and propagation share what is encoded.
        IPromptableSegmenter segmenter = CachingSegmenter.Over(loaded, EmbeddingBytes) ?? loaded;
        if (entry != Entry || IsReady)
        {
            segmenter.Dispose(); // Another was chosen meanwhile.
            return;
        }
        (_loading, Segmenter, Description) = (null, segmenter, segmenter.Description);
        _workspace.Prompting.Predictor.SetModel(segmenter);
    }
}
