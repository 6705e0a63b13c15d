using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Dialogs;

/// <summary>Folders and files to choose from, or a place and a name to save to.</summary>
internal sealed class FileBrowser
{
    private readonly bool _isSaving;
    private readonly IReadOnlyList<string> _endings;
    private string _folder, _typedFolder, _name, _problem = "";
    private bool _showsAll, _isNew = true;
    private FileSystemInfo[] _entries = [];

    /// <summary>Starts in a folder.</summary>
    /// <param name="start">A folder, or a file whose folder and name are taken.</param>
    /// <param name="isSaving">True to give a new file's name.</param>
    /// <param name="endings">The endings of the files that fit; empty for all.</param>
    public FileBrowser(string start, bool isSaving, IReadOnlyList<string> endings)
    {
        (_isSaving, _endings) = (isSaving, endings);
        string full = Path.GetFullPath(start.Length > 0 ? start : ".");
        bool isFolder = Directory.Exists(full) && !isSaving;
        _name = isFolder || start.Length == 0 ? "" : Path.GetFileName(full);
        _folder = _typedFolder = isFolder ? full : Path.GetDirectoryName(full) ?? full;
        while (!Directory.Exists(_folder) && Path.GetDirectoryName(_folder) is { } parent) _folder = _typedFolder = parent;
        Read();
    }

    /// <summary>The file or folder that is chosen: the typed name in the shown folder, or the folder itself where no name is given and one may be opened.</summary>
    public string Chosen => _name.Length > 0 ? Path.Combine(_folder, _name) : _isSaving ? "" : _folder;

    /// <summary>Draws the browser; true where the choice was made by Enter or a double click.</summary>
    public bool Draw(float height, IReadOnlyList<string> recent, float scale)
    {
        bool isDone = false;
        float placesWidth = 170 * scale, foot = Ui.FrameHeight() + 10 * scale;
        if (SmallButton(Icons.Up, "Folder above") && Path.GetDirectoryName(_folder) is { } above) Go(above);
        Ui.SameLine();
        Ui.NextWidth(-1);
        if (Ui.InputText("##folder", "Folder", ref _typedFolder, InputTextFlags.EnterReturnsTrue)) GoToTyped();
        float listHeight = height - Ui.FrameHeight() - foot - 14 * scale;
        Ui.BeginChild("places", placesWidth, listHeight, 0, 0);
        DrawPlaces(recent);
        Ui.EndChild();
        Ui.SameLine();
        Ui.BeginChild("files", 0, listHeight, 1, 0);
        isDone |= DrawEntries();
        Ui.EndChild();
        Ui.NextWidth(_endings.Count > 0 ? -150 * scale : -1);
        if (_isNew) Ui.FocusNext();
        _isNew = false;
        string hint = _isSaving ? $"Name, ending in {string.Join(", ", _endings)}" : "Name; empty opens this folder";
        isDone |= Ui.InputText("##name", hint, ref _name, InputTextFlags.EnterReturnsTrue | InputTextFlags.AutoSelectAll) && _name.Length > 0;
        if (_endings.Count > 0)
        {
            Ui.SameLine();
            if (Ui.Checkbox("All files", ref _showsAll)) Read();
        }
        if (_name.Length > 0 && Directory.Exists(Path.Combine(_folder, _name)) && isDone && _isSaving)
        {
            Go(Path.Combine(_folder, _name));
            _name = "";
            return false;
        }
        return isDone;
    }

    private void DrawPlaces(IReadOnlyList<string> recent)
    {
        Place(Icons.Home, "Home", Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        Place(Icons.Folder, "Here", Environment.CurrentDirectory);
        Place(Icons.Folder, "Computer", "/");
        string[] folders = [.. recent.Select(path => Path.GetDirectoryName(path) ?? "").Where(path => path.Length > 0).Distinct().Take(6)];
        if (folders.Length == 0) return;
        Ui.Spacing();
        Ui.PushColor(ColorPart.Text, Theme.TextFaint);
        Ui.Text("Recent");
        Ui.PopColor();
        foreach (string folder in folders) Place(Icons.Clock, Path.GetFileName(folder) is { Length: > 0 } name ? name : folder, folder);
    }

    private void Place(string icon, string title, string folder)
    {
        if (Ui.Selectable($"{icon} {title}##{folder}", folder == _folder ? 1 : 0, SelectableFlags.DontClosePopups)) Go(folder);
        Hints.OfItem(folder);
    }

    private bool DrawEntries()
    {
        if (_problem.Length > 0) Ui.Wrapped(_problem);
        else if (_entries.Length == 0) Ui.Text("Nothing here fits.");
        bool isDone = false;
        string? next = null;
        foreach (FileSystemInfo entry in _entries)
        {
            bool isFolder = entry is DirectoryInfo;
            Ui.PushColor(ColorPart.Text, isFolder ? Theme.Text : Theme.TextSoft);
            if (Ui.Selectable($"{(isFolder ? Icons.Folder : Icons.File)}  {entry.Name}", entry.Name == _name ? 1 : 0, SelectableFlags.AllowDoubleClick | SelectableFlags.DontClosePopups))
            {
                if (isFolder && Ui.IsMouseDoubleClicked(0)) next = entry.FullName;
                else if (!isFolder || !_isSaving) _name = entry.Name;
                isDone |= !isFolder && Ui.IsMouseDoubleClicked(0);
            }
            Ui.PopColor();
        }
        if (next is not null) Go(next);
        return isDone;
    }

    private void GoToTyped()
    {
        string typed = _typedFolder.StartsWith('~') ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + _typedFolder[1..] : _typedFolder;
        if (Directory.Exists(typed)) Go(Path.GetFullPath(typed));
        else if (File.Exists(typed))
        {
            Go(Path.GetDirectoryName(Path.GetFullPath(typed))!);
            _name = Path.GetFileName(typed);
        }
        else _problem = $"{typed} does not exist.";
    }

    private void Go(string folder)
    {
        (_folder, _typedFolder) = (folder, folder);
        if (!_isSaving) _name = "";
        Read();
    }

    private void Read()
    {
        _problem = "";
        try
        {
            _entries = [.. new DirectoryInfo(_folder).EnumerateFileSystemInfos()
                .Where(entry => !entry.Name.StartsWith('.') && (entry is DirectoryInfo || _showsAll || Fits(entry.Name)))
                .OrderBy(entry => entry is DirectoryInfo ? 0 : 1).ThenBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase).Take(5000)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            (_entries, _problem) = ([], $"This folder cannot be read: {failure.Message}");
        }
    }

    private bool Fits(string name) => _endings.Count == 0 || _endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static bool SmallButton(string icon, string hint)
    {
        bool isPressed = Ui.Button($"{icon}##{hint}");
        Hints.OfItem(hint);
        return isPressed;
    }
}
