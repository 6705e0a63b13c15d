namespace SamMed2D.Viewer.Gui;

// The values are those of Dear ImGui 1.86's imgui.h; only what the viewer uses has a name here.

/// <summary>What a window does without.</summary>
[Flags]
internal enum WindowFlags
{
    NoTitleBar = 1 << 0,
    NoResize = 1 << 1,
    NoMove = 1 << 2,
    NoScrollbar = 1 << 3,
    NoScrollWithMouse = 1 << 4,
    NoCollapse = 1 << 5,
    AlwaysAutoResize = 1 << 6,
    NoBackground = 1 << 7,
    NoSavedSettings = 1 << 8,
    NoFocusOnAppearing = 1 << 12,
    NoBringToFrontOnFocus = 1 << 13,
    NoNav = 3 << 18,

    /// <summary>A fixed part of the main window.</summary>
    Fixed = NoTitleBar | NoResize | NoMove | NoCollapse | NoSavedSettings | NoBringToFrontOnFocus | NoNav,
}

/// <summary>When a place takes effect.</summary>
internal enum Condition
{
    Always = 1,
    Appearing = 8,
}

/// <summary>What counts as hovered.</summary>
[Flags]
internal enum HoverFlags
{
    ChildWindows = 1 << 0,
    RootAndChildWindows = 3,
    AllowWhenBlockedByActiveItem = 1 << 7,
    AllowWhenDisabled = 1 << 9,
}

/// <summary>How rows are chosen.</summary>
[Flags]
internal enum SelectableFlags
{
    DontClosePopups = 1 << 0,
    SpanAllColumns = 1 << 1,
    AllowDoubleClick = 1 << 2,
    AllowItemOverlap = 1 << 4,
}

/// <summary>How sliders move.</summary>
[Flags]
internal enum SliderFlags
{
    Clamped = 1 << 4,
    Logarithmic = 1 << 5,
}

/// <summary>How headings open.</summary>
[Flags]
internal enum HeaderFlags
{
    DefaultOpen = 1 << 5,
    AllowItemOverlap = 1 << 2,
}

/// <summary>How text is typed.</summary>
[Flags]
internal enum InputTextFlags
{
    AutoSelectAll = 1 << 4,
    EnterReturnsTrue = 1 << 5,
}

/// <summary>How tables look.</summary>
[Flags]
internal enum TableFlags
{
    Resizable = 1 << 0,
    RowBackground = 1 << 6,
    InnerHorizontalBorders = 1 << 7,
    OuterBorders = (1 << 8) | (1 << 10),
    FitColumns = 1 << 13,
    StretchColumns = 3 << 13,
    NoPadOuterX = 1 << 22,
    PadOuterX = 1 << 21,
    ScrollY = 1 << 25,
}

/// <summary>How columns share the room.</summary>
[Flags]
internal enum ColumnFlags
{
    Stretch = 1 << 3,
    Fixed = 1 << 4,
}

/// <summary>Shapes of the pointer.</summary>
internal enum MouseCursor
{
    None = -1,
    Arrow = 0,
    Text = 1,
    ResizeAll = 2,
    ResizeVertical = 3,
    ResizeHorizontal = 4,
    Hand = 7,
}

/// <summary>Sizes that can be changed for a while.</summary>
internal enum StylePart
{
    Alpha = 0,
    WindowPadding = 2,
    WindowRounding = 3,
    WindowBorderSize = 4,
    ChildRounding = 7,
    ChildBorderSize = 8,
    PopupRounding = 9,
    FramePadding = 11,
    FrameRounding = 12,
    FrameBorderSize = 13,
    ItemSpacing = 14,
    ItemInnerSpacing = 15,
    CellPadding = 17,
    GrabMinSize = 20,
    SelectableTextAlign = 24,
    ButtonTextAlign = 23,
}

/// <summary>Colours by what they colour.</summary>
internal enum ColorPart
{
    Text = 0,
    TextDisabled,
    WindowBackground,
    ChildBackground,
    PopupBackground,
    Border,
    BorderShadow,
    FrameBackground,
    FrameBackgroundHovered,
    FrameBackgroundActive,
    TitleBackground,
    TitleBackgroundActive,
    TitleBackgroundCollapsed,
    MenuBarBackground,
    ScrollbarBackground,
    ScrollbarGrab,
    ScrollbarGrabHovered,
    ScrollbarGrabActive,
    CheckMark,
    SliderGrab,
    SliderGrabActive,
    Button,
    ButtonHovered,
    ButtonActive,
    Header,
    HeaderHovered,
    HeaderActive,
    Separator,
    SeparatorHovered,
    SeparatorActive,
    ResizeGrip,
    ResizeGripHovered,
    ResizeGripActive,
    Tab,
    TabHovered,
    TabActive,
    TabUnfocused,
    TabUnfocusedActive,
    PlotLines,
    PlotLinesHovered,
    PlotHistogram,
    PlotHistogramHovered,
    TableHeaderBackground,
    TableBorderStrong,
    TableBorderLight,
    TableRowBackground,
    TableRowBackgroundAlternate,
    TextSelectedBackground,
    DragDropTarget,
    NavigationHighlight,
    NavigationWindowingHighlight,
    NavigationWindowingDim,
    ModalWindowDim,
}
