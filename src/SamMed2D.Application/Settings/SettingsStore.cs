using System.Text.Json;
using System.Text.Json.Serialization;
using SamMed2D.Application.Notices;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;

namespace SamMed2D.Application.Settings;

/// <summary>Keeps <see cref="UserSettings"/> in <c>settings.json</c>; always a whole file, never a half-written one.</summary>
public sealed class SettingsStore
{
    private readonly string _folder;
    private readonly NoticeBoard _notices;
    private bool _isFailing;

    internal SettingsStore(string folder, NoticeBoard notices)
    {
        (_folder, _notices) = (folder, notices);
        Current = Read();
    }

    /// <summary>The settings now.</summary>
    public UserSettings Current { get; private set; }

    /// <summary>The file that holds them.</summary>
    public string File => Path.Combine(_folder, "settings.json");

    /// <summary>Changes and saves the settings. Where they cannot be saved, a notice says so once and they hold until the program ends.</summary>
    public void Change(Func<UserSettings, UserSettings> change)
    {
        UserSettings changed = change(Current).Repaired();
        if (changed == Current) return;
        Current = changed;
        try
        {
            Directory.CreateDirectory(_folder);
            AtomicFile.WriteText(File, JsonSerializer.Serialize(changed, SettingsJson.Default.UserSettings) + "\n");
            _isFailing = false;
        }
        catch (Exception failure) when (failure is SamMed2DException or IOException or UnauthorizedAccessException)
        {
            // Told once: a home that cannot be written to must not stand against every scan that is opened.
            if (!_isFailing) _notices.Add(new(NoticeKind.Warning, "Settings", $"{File} cannot be written, so what you set, and which files you opened, is forgotten when the program ends. Check that you may write there, and that the disk has room."));
            _isFailing = true;
        }
    }

    private UserSettings Read()
    {
        try
        {
            if (!System.IO.File.Exists(File)) return new();
            return (JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(File), SettingsJson.Default.UserSettings) ?? new()).Repaired();
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            string kept = KeepDamaged() ? $" The old file is kept as {File}.damaged." : "";
            _notices.Add(new(NoticeKind.Warning, "Settings", $"{File} cannot be read ({failure.Message.Split('\n')[0]}); the program starts with its defaults.{kept}"));
            return new();
        }
    }

    private bool KeepDamaged()
    {
        try
        {
            System.IO.File.Move(File, File + ".damaged", overwrite: true);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UserSettings))]
internal sealed partial class SettingsJson : JsonSerializerContext;
