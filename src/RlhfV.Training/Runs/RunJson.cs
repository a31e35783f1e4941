using System.Text.Json;
using System.Text.Json.Serialization;

namespace RlhfV.Training.Runs;

/// <summary>How a run's records are written: numbers round-trip, enumerations by name.</summary>
internal static class RunJson
{
    /// <summary>One record per line.</summary>
    public static JsonSerializerOptions Options { get; } = Make(indented: false);

    /// <summary>For people.</summary>
    public static JsonSerializerOptions Indented { get; } = Make(indented: true);

    /// <summary>Writes a file under another name and moves it.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(unfinished, FileMode.CreateNew))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private static JsonSerializerOptions Make(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = indented,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter() },
    };
}
