using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SamMed2D.Core.Slices;
using SamMed2D.Rendering.Scene;
using SamMed2D.Viewer.Window;

namespace SamMed2D.Viewer.Gui;

/// <summary>Dear ImGui on a surface: starts it, feeds it with input, and draws its frames. One at a time in a process.</summary>
internal sealed unsafe partial class GuiFrames : IDisposable
{
    private static IViewerSurface? s_surface;
    private static nint s_clipboardText;

    private float _scale;
    private long _lastTime = Environment.TickCount64;

    /// <summary>Starts on a surface whose context is current.</summary>
    public GuiFrames(IViewerSurface surface)
    {
        s_surface = surface;
        GuiMessage message = default;
        GuiStatus status = Start(&FindFunction, &ReadClipboard, &WriteClipboard, message, GuiLibrary.MessageBytes);
        GuiLibrary.Check(status, message);
    }

    /// <summary>Begins a frame with what happened since the last.</summary>
    /// <param name="size">The surface's size.</param>
    /// <param name="scale">The display's scale; a change loads the fonts anew.</param>
    /// <param name="input">What happened.</param>
    /// <param name="time">When it happened, in <see cref="Environment.TickCount64"/>.</param>
    public void Begin(ImageSize size, float scale, IReadOnlyList<InputEvent> input, long time)
    {
        if (scale != _scale)
        {
            _scale = scale;
            Theme.Apply(scale);
            GuiFonts.Load(scale);
        }
        foreach (InputEvent happened in input) Feed(happened);
        GuiMessage message = default;
        GuiStatus status = BeginFrame(size.Width, size.Height, Math.Max(time - _lastTime, 1) / 1000f, message, GuiLibrary.MessageBytes);
        _lastTime = Math.Max(time, _lastTime);
        GuiLibrary.Check(status, message);
    }

    /// <summary>Ends the frame and draws it.</summary>
    /// <param name="isDrawn">False only lays it out: nobody sees it.</param>
    public static void End(bool isDrawn)
    {
        GuiMessage message = default;
        GuiStatus status = EndFrame(isDrawn ? 1 : 0, Theme.Background, message, GuiLibrary.MessageBytes);
        GuiLibrary.Check(status, message);
    }

    /// <summary>The frame that was ended last, as a picture of 3 channels.</summary>
    public static SliceImage Capture(ImageSize size)
    {
        byte[] pixels = new byte[checked(size.PixelCount * 3)];
        GuiMessage message = default;
        GuiStatus status = CaptureFrame(pixels, pixels.Length, message, GuiLibrary.MessageBytes);
        GuiLibrary.Check(status, message);
        return new(size.Width, size.Height, 3, pixels);
    }

    /// <summary>A picture as a texture that panels can show; given back with <see cref="DeleteTexture"/>.</summary>
    /// <param name="rgb">Three bytes a pixel, the first row on top.</param>
    /// <param name="size">Its size.</param>
    public static uint CreateTexture(ReadOnlySpan<byte> rgb, ImageSize size) => NewTexture(rgb, size.Width, size.Height, 3);

    /// <summary>A mask as a texture: white where it is set, clear elsewhere.</summary>
    /// <param name="mask">0 or 1 a pixel, the first row on top.</param>
    /// <param name="size">Its size.</param>
    public static uint CreateMaskTexture(ReadOnlySpan<byte> mask, ImageSize size)
    {
        uint[] pixels = new uint[mask.Length];
        for (int n = 0; n < mask.Length; n++) pixels[n] = mask[n] == 0 ? 0x00FFFFFF : 0xFFFFFFFF;
        return NewTexture(MemoryMarshal.AsBytes<uint>(pixels), size.Width, size.Height, 4);
    }

    /// <summary>Gives a texture back.</summary>
    public static void DeleteTexture(uint texture) => FreeTexture(texture);

    /// <summary>Gives everything back.</summary>
    public void Dispose()
    {
        Stop();
        s_surface = null;
        Marshal.FreeCoTaskMem(s_clipboardText);
        s_clipboardText = 0;
    }

    private static void Feed(in InputEvent happened)
    {
        switch (happened.Kind)
        {
            case InputKind.Move:
                MoveMouse(happened.X, happened.Y);
                break;
            case InputKind.Leave:
                MoveMouse(-float.MaxValue, -float.MaxValue);
                break;
            case InputKind.Button:
                MoveMouse(happened.X, happened.Y);
                PressButton(happened.Code, happened.IsDown);
                break;
            case InputKind.Wheel:
                TurnWheel(happened.X, happened.Y);
                break;
            case InputKind.Key:
                PressKey(happened.Code, happened.IsDown);
                break;
            case InputKind.Character:
                Type(happened.Code);
                break;
            case InputKind.Focus:
                SetFocus(happened.IsDown);
                break;
            default:
                break;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint FindFunction(nint name) => s_surface!.GetProcAddress(Marshal.PtrToStringUTF8(name)!);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint ReadClipboard()
    {
        Marshal.FreeCoTaskMem(s_clipboardText);
        return s_clipboardText = Marshal.StringToCoTaskMemUTF8(s_surface?.Clipboard ?? "");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void WriteClipboard(nint text)
    {
        if (s_surface is { } surface) surface.Clipboard = Marshal.PtrToStringUTF8(text) ?? "";
    }

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_start")]
    private static partial GuiStatus Start(delegate* unmanaged[Cdecl]<nint, nint> findFunction, delegate* unmanaged[Cdecl]<nint> readClipboard,
        delegate* unmanaged[Cdecl]<nint, void> writeClipboard, Span<byte> message, int messageBytes);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_stop")]
    private static partial void Stop();

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_begin_frame")]
    private static partial GuiStatus BeginFrame(int width, int height, float seconds, Span<byte> message, int messageBytes);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_end_frame")]
    private static partial GuiStatus EndFrame(int isDrawn, uint background, Span<byte> message, int messageBytes);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_capture")]
    private static partial GuiStatus CaptureFrame(Span<byte> pixels, long bytes, Span<byte> message, int messageBytes);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_create_texture")]
    private static partial uint NewTexture(ReadOnlySpan<byte> pixels, int width, int height, int channels);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_delete_texture")]
    private static partial void FreeTexture(uint texture);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_mouse_move")]
    private static partial void MoveMouse(float x, float y);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_mouse_button")]
    private static partial void PressButton(int button, int isDown);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_mouse_wheel")]
    private static partial void TurnWheel(float x, float y);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_key")]
    private static partial void PressKey(int key, int isDown);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_character")]
    private static partial void Type(int character);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_focus")]
    private static partial void SetFocus(int hasFocus);
}
