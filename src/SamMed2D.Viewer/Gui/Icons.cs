namespace SamMed2D.Viewer.Gui;

/// <summary>The icons of Font Awesome 4 that the viewer uses.</summary>
internal static class Icons
{
    public const string Angle = "\uf105", Arrows = "\uf047", Bars = "\uf0c9", Box = "\uf096", Brush = "\uf1fc", Camera = "\uf030", Check = "\uf00c", CheckCircle = "\uf058",
        Chip = "\uf2db", Circle = "\uf111", CircleEmpty = "\uf10c", Clock = "\uf017", Clone = "\uf24d", Cog = "\uf013", Columns = "\uf0db", Contrast = "\uf042", Crosshair = "\uf05b", Cube = "\uf1b2",
        Dot = "\uf192", Download = "\uf019", Drop = "\uf043", Eraser = "\uf12d", Error = "\uf06a", Expand = "\uf065", Eye = "\uf06e", EyeOff = "\uf070", File = "\uf016", Filter = "\uf0b0",
        Flag = "\uf024", Floppy = "\uf0c7", Folder = "\uf07b", FolderOpen = "\uf07c", Forward = "\uf04e", Grid = "\uf009", Half = "\uf042", Help = "\uf059", Home = "\uf015", Image = "\uf03e",
        Information = "\uf05a", Islands = "\uf247", Keyboard = "\uf11c", Lasso = "\uf0c1", Layers = "\uf24d", LineChart = "\uf201", List = "\uf03a", Lock = "\uf023", LockOpen = "\uf13e",
        Magic = "\uf0d0", Minus = "\uf068", MinusCircle = "\uf056", More = "\uf142", Pencil = "\uf040", Play = "\uf04b", Plus = "\uf067", PlusCircle = "\uf055", Pointer = "\uf245", Redo = "\uf01e",
        Ruler = "\uf07e", Save = "\uf0c7", Scissors = "\uf0c4", Search = "\uf002", Seeds = "\uf06c", Sliders = "\uf1de", Square = "\uf0c8", Stop = "\uf04d", Sun = "\uf185", Tasks = "\uf0ae",
        Terminal = "\uf120", Times = "\uf00d", Trash = "\uf1f8", Turn = "\uf021", Undo = "\uf0e2", Up = "\uf062", Warning = "\uf071";

    /// <summary>The icon of a tool; a dot for one that has none.</summary>
    public static string OfTool(string id) => id switch
    {
        "navigate" => Arrows,
        "box" => Box,
        "point" => PlusCircle,
        "negative-point" => MinusCircle,
        "scribble" => Pencil,
        "lasso" => "\uf1ce",
        "paint" => Brush,
        "erase" => Eraser,
        "threshold" => Contrast,
        "fill-between" => Layers,
        "grow" => Seeds,
        "islands" => Islands,
        "smoothing" => Drop,
        "margin" => Expand,
        "scissors" => Scissors,
        "ruler" => Ruler,
        "angle" => LineChart,
        _ => Dot,
    };
}
