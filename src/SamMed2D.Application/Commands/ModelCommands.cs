namespace SamMed2D.Application.Commands;

/// <summary>Choosing the model, and the intensities that it sees.</summary>
internal static class ModelCommands
{
    public static IEnumerable<Command> Create() =>
    [
        new("model.choose", "Choose model…", (w, a) => w.Model.Choose(a.RequireText("id")))
        {
            Obstacle = CommandCatalog.NeedsRest, Help = "The model that answers prompts", Parameters = [new("id", ParameterKind.Text, "bundled, or the folder of an imported model") { IsRequired = true }],
        },
        new("model.add-folder", "Add imported model…", (w, a) => w.Model.AddFolder(a.RequireText("folder")))
        {
            Obstacle = CommandCatalog.NeedsRest, Parameters = [new("folder", ParameterKind.OpenPath, "a folder made by 'sammed2d model import'") { IsRequired = true }],
        },
        new("model.window", "Window of the model…", (w, a) => w.SetModelWindow(a.RequireText("name")))
        {
            Obstacle = CommandCatalog.NeedsFreeLabels, Help = "The intensities shown to the model as black and white",
            Parameters = [new("name", ParameterKind.Text, "auto, minmax, a preset, or WIDTH,LEVEL") { IsRequired = true, Default = "auto", Choices = Scans.ScanLayer.WindowNames }],
        },
    ];
}
