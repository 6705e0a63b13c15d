using SamMed2D.Core.Files;
using ScottPlot;

namespace SamMed2D.Imaging.Plots;

/// <summary>One line of a plot.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="X">Places along the horizontal axis.</param>
/// <param name="Y">As many values; one that is not a number breaks the line.</param>
/// <param name="IsDashed">True for what is shown for comparison.</param>
public sealed record PlotLine(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, bool IsDashed = false);

/// <summary>One group of bars: a name and a bar for each series.</summary>
/// <param name="Name">The group's name.</param>
/// <param name="Values">One value a series.</param>
public sealed record PlotBars(string Name, IReadOnlyList<double> Values);

/// <summary>Draws plots as PNG files. A file already there stays whole until the new one is complete.</summary>
public static class PlotFile
{
    private const int Width = 900, Height = 520, RowHeight = 18, TickSize = 12;
    private const string FontName = "plots";
    private static readonly bool s_hasFont = AddFont();

    /// <summary>Draws lines.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="title">What the plot shows.</param>
    /// <param name="xLabel">What runs along the horizontal axis.</param>
    /// <param name="yLabel">What runs along the vertical one.</param>
    /// <param name="lines">The lines; at least one.</param>
    /// <param name="ticks">Names of whole places along the horizontal axis, from 0; null shows numbers.</param>
    /// <exception cref="Core.Errors.OutputException">The place cannot be written.</exception>
    public static void WriteLines(string path, string title, string xLabel, string yLabel, IReadOnlyList<PlotLine> lines, IReadOnlyList<string>? ticks = null)
    {
        Plot plot = Create(title, xLabel, yLabel);
        foreach (PlotLine line in lines)
        {
            ScottPlot.Plottables.Scatter drawn = plot.Add.Scatter(line.X.ToArray(), line.Y.ToArray());
            drawn.LineWidth = 2;
            if (lines.Count > 1) drawn.LegendText = line.Name;
            if (line.IsDashed) drawn.LinePattern = LinePattern.Dashed;
        }
        if (ticks is not null) plot.Axes.Bottom.SetTicks([.. Enumerable.Range(0, ticks.Count).Select(n => (double)n)], [.. ticks]);
        if (lines.Count > 1) plot.ShowLegend(Edge.Right);
        Save(plot, path, Width, Height);
    }

    /// <summary>Draws groups of lying bars, the first on top.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="title">What the plot shows.</param>
    /// <param name="valueLabel">What the bars' lengths mean.</param>
    /// <param name="series">The names of the series; a legend shows them where there are several.</param>
    /// <param name="groups">The groups, each with a value a series; at least one.</param>
    /// <exception cref="Core.Errors.OutputException">The place cannot be written.</exception>
    public static void WriteBars(string path, string title, string valueLabel, IReadOnlyList<string> series, IReadOnlyList<PlotBars> groups)
    {
        Plot plot = Create(title, valueLabel, "");
        double size = 0.8 / series.Count;
        for (int n = 0; n < series.Count; n++)
        {
            Color color = plot.Add.Palette.GetColor(n);
            Bar[] drawn = [.. groups.Select((group, at) => new Bar
            {
                Position = 0.4 - (n + 0.5) * size - at,
                Value = double.IsFinite(group.Values[n]) ? group.Values[n] : 0,
                Size = size,
                FillColor = color,
                LineWidth = 0,
                Orientation = Orientation.Horizontal,
            })];
            ScottPlot.Plottables.BarPlot bars = plot.Add.Bars(drawn);
            if (series.Count > 1) bars.LegendText = series[n];
        }
        plot.Axes.Left.SetTicks([.. groups.Select((_, at) => (double)-at)], [.. groups.Select(group => group.Name)]);
        plot.Axes.SetLimitsX(0, 1.05 * Math.Max(groups.SelectMany(group => group.Values).Where(double.IsFinite).DefaultIfEmpty(0).Max(), double.Epsilon));
        plot.Axes.SetLimitsY(-groups.Count + 0.4, 0.6);
        if (series.Count > 1) plot.ShowLegend(Edge.Right);
        Save(plot, path, Width, 120 + RowHeight * groups.Count * Math.Max(1, series.Count));
    }

    private static Plot Create(string title, string xLabel, string yLabel)
    {
        Plot plot = new();
        plot.Title(title);
        plot.XLabel(xLabel);
        plot.YLabel(yLabel);
        if (s_hasFont) plot.Font.Set(FontName);
        plot.Axes.Left.TickLabelStyle.FontSize = plot.Axes.Bottom.TickLabelStyle.FontSize = TickSize;
        return plot;
    }

    private static void Save(Plot plot, string path, int width, int height)
    {
        byte[] png = plot.GetImageBytes(width, height, ImageFormat.Png);
        AtomicFile.Write(path, stream => stream.Write(png));
    }

    private static bool AddFont()
    {
        if (Fonts.Find() is not { } file) return false;
        ScottPlot.Fonts.AddFontFile(FontName, file);
        return true;
    }
}
