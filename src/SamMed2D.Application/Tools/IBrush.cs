namespace SamMed2D.Application.Tools;

/// <summary>A tool with a size that Shift and the wheel change.</summary>
internal interface IBrush
{
    void Resize(double factor);
}
